"""From the log-probabilities of a strip to its readings, in numpy alone."""
