"""Judging readings: metrics, intervals, reports, the files of results/."""
