"""The whole journal of the demo, as `lumbung demo` builds it: other programs agree with every balance."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import outsiders
from lumbung.cli import demo, demofund
from lumbung.ledger import queries
from lumbung.ledger.models import Entry, MemberAccount


@pytest.mark.usefixtures("clone", "hledger")
def test_the_demo_agrees_with_other_programs_to_the_rupiah(tmp_path: Path) -> None:
    size = {option.name: option.default for option in demo.command.params}
    demofund.build(
        tmp_path,
        members=size["members"],
        months=size["months"],
        now=datetime(2025, 12, 20, 3, tzinfo=UTC),
        today=date(2025, 12, 20),
        report=lambda what, done, of: None,
    )
    assert {"contribution", "development", "receipt"} <= set(Entry.objects.values_list("kind", flat=True))
    totals, balances = queries.control_totals(), outsiders.all_balances()
    assert len(balances) == MemberAccount.objects.count() >= size["members"]
    for program in outsiders.PROGRAMS:
        found = outsiders.sums(program, outsiders.export(program), tmp_path)
        assert outsiders.disagreements(found, totals, balances) == []
        assert len(found) > 2 * size["members"] * 0.9, "old age and pension of nearly everybody"
    assert queries.check().faults == ()
