"""Tests of the files that come in."""
