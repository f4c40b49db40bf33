"""Statements of the balance: what the books say of a person between two days."""
