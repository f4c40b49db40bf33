"""Ways out for texts, and how each of them fares."""
