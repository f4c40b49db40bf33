"""Whose fault a refusal is: the phone's, or that of a gateway or carrier that refuses whatever it is given."""
