"""Requests to open an account anew, or to put a phone on file, and what accepting them does."""
