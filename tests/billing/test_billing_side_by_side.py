"""Several settle the same paid bills at once: each bill once, and nobody waits for ever."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from random import Random
from threading import Barrier

from bills import NOW, SELLER, Payers, pay
from django.db import connection

from lumbung.billing import actions
from lumbung.billing.models import Bill
from lumbung.ledger import queries as ledger
from lumbung.registry import actions as registry

BORN = date(1990, 5, 15)
MEMBERS, MONTHS, AT_ONCE = 24, 3, 4


def test_bills_are_settled_once_by_many_at_once(committed_payers: Payers) -> None:
    numbers = [f"4000000{place:04d}" for place in range(MEMBERS)]
    registry.register_persons([registry.NewPerson("Contoh", BORN, (number,)) for number in numbers])
    registry.enrol_self_employed(
        [
            registry.NewSelfEmployment(number, 2_000_000, old_age=True, sector="other", starts=BORN)
            for number in numbers
        ]
    )
    codes = [
        committed_payers.bill(number, month).payment_code
        for month in ("2025-10", "2025-11", "2025-12")
        # Each month in another order, so that sets taken at once hold the same members.
        for number in Random(month).sample(numbers, MEMBERS)
    ]
    pay(*codes)
    together = Barrier(AT_ONCE)

    def settle(_: int) -> int:
        together.wait()
        try:
            settled = 0
            while done := actions.settle_paid(now=NOW, limit=5):
                settled += done
            return settled
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as workers:
        settled = list(workers.map(settle, range(AT_ONCE)))
    settled.append(actions.drain(now=NOW))
    assert sum(settled) == MEMBERS * MONTHS
    assert set(Bill.objects.values_list("state", flat=True)) == {"settled"}
    assert {ledger.balance(number, None).old_age_balance for number in numbers} == {MONTHS * 40_000}
    assert ledger.balance(SELLER, None).old_age_balance == 0
    assert ledger.check(lambda done, of: None).faults == ()
