"""One employer and its worker, who reports and pays through the actions of real input."""

import pytest
from gap_fund import GapFund


@pytest.fixture
def fund(db: None) -> GapFund:
    return GapFund()
