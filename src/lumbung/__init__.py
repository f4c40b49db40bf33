"""Lumbung: a self-hosted member-account platform for employment social security funds."""
