"""Corrections of settled returns: a wrong wage, month or member."""
