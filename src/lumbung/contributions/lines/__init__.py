"""The lines of returns, which are only added."""
