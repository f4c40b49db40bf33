"""Measures Lumbung against the limits of the same machine, in the same run."""
