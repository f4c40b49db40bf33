"""The page about a year in plain language: what came in, what it earned, what to expect."""
