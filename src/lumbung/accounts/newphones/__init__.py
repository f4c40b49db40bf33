"""Phones, not on file, from which somebody sent all facts of a person, and what the person says to them."""
