"""The small fund, inside a test's transaction or in a database of its own."""

import pytest
from fund import Fund, register


@pytest.fixture
def fund(db: None) -> Fund:
    """Inside the test's transaction."""
    register(Fund.number)
    return Fund()


@pytest.fixture
def committed_fund(clone: object) -> Fund:
    """In a database of its own, where commits are real."""
    register(Fund.number)
    return Fund()
