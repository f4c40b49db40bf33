"""Whatever a bill holds, its draft takes just that out of suspense; old-age money is one line of the member."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from lumbung.billing.bookkeeping import Amounts, payment
from lumbung.law.month import Month

sums = st.integers(0, 10**12)
amounts = st.builds(Amounts, jkk=sums, jkm=sums, jht=sums, migrant=sums, fine=sums).filter(lambda made: made.total)


@given(amounts)
def test_a_bill_leaves_suspense_whole(owed: Amounts) -> None:
    draft = payment(
        bill_id=7, day=date(2025, 1, 2), amounts=owed, member_number="10000000001", month=Month(2025, 1)
    )
    control = dict(draft.control)
    assert control.pop("suspense") == owed.total
    assert control == {
        account: -part
        for account, part in {
            "member_old_age": owed.jht,
            "premium_accident": owed.jkk,
            "premium_death": owed.jkm,
            "premium_migrant": owed.migrant,
            "fines": owed.fine,
        }.items()
        if part
    }
    assert (draft.key, len(draft.members), draft.members.old_age) == ("bill:7", int(owed.jht > 0), owed.jht)
