"""A small invented fund of people who insure themselves, inside a test's transaction or in its own database."""

import pytest
from bills import Payers, register


@pytest.fixture
def payers(db: None) -> Payers:
    """Inside the test's transaction."""
    return register()


@pytest.fixture
def committed_payers(clone: object) -> Payers:
    """In a database of its own, where commits are real."""
    return register()
