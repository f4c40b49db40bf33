"""Paid returns become contributions in the books, many at once."""
