"""Closing the years of the books, as the operator does each January."""


def close_years(first: int, last: int) -> None:
    """Close these years one after the other, by the command."""
