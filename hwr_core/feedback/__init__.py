"""Corrections that people send, with their consent, in a real database."""
