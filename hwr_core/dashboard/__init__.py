"""The pages of the error dashboard: a module each, which shows what evaluation computed."""
