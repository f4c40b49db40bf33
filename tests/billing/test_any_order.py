"""In whatever order bills are issued, paid, settled, withdrawn and taken back, the books say what was paid."""

from bills import NOW, SELLER, TODAY, Payers, balance, pay, settle, totals
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lumbung.billing import actions, queries
from lumbung.billing.models import Bill
from lumbung.errors import Refusal
from lumbung.law.month import Month
from lumbung.payments.models import PaymentCode

MONTHS = [str(Month(2025, 10) + step) for step in range(6)]
JHT, WHOLE = 52_000, 84_800  # a month of the seller's before the relief of April 2026
deeds = st.lists(
    st.one_of(
        st.tuples(st.just("issue"), st.sampled_from(MONTHS), st.integers(1, 3)),
        st.tuples(st.sampled_from(["pay", "void", "take_back"]), st.integers(0, 5)),
        st.tuples(st.just("settle"), st.integers(1, 3)),
    ),
    max_size=25,
)


def do(payers: Payers, deed: tuple) -> None:
    match deed:
        case ("issue", first, months):
            payers.bill(SELLER, first, min(months, len(MONTHS) - MONTHS.index(first)))
        case ("pay", place):
            for code in PaymentCode.objects.filter(state="open").order_by("code")[place : place + 1]:
                pay(code)
        case ("void", place):
            for code in PaymentCode.objects.order_by("code")[place : place + 1]:
                actions.void(code.code)
        case ("take_back", place):
            for bill in Bill.objects.order_by("pk")[place : place + 1]:
                actions.take_back(bill.pk, reason="wrong", now=NOW)
        case ("settle", limit):
            settle(limit)


def is_true_to_the_bills() -> None:
    """The member has what is settled; suspense has what is paid and not settled, or taken back."""
    settled = Bill.objects.filter(state="settled").count()
    live = list(queries.live_bills().values_list("month", flat=True))
    waiting = queries.paid_and_open().count() + Bill.objects.filter(state="taken_back").count()
    assert len(live) == len(set(live)), "a month is billed once"
    assert balance(SELLER) == settled * JHT
    assert totals().get("suspense", 0) == -waiting * WHOLE
    assert len(queries.history([SELLER], limit=100)) == settled
    paid_on = {bill.paid_on for bill in Bill.objects.filter(state="settled")}
    assert paid_on <= {TODAY}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds)
def test_any_order_of_deeds_leaves_true_books(payers: Payers, done: list[tuple]) -> None:
    with transaction.atomic():
        for deed in done:
            try:
                with transaction.atomic():
                    do(payers, deed)
            except Refusal:
                continue
        is_true_to_the_bills()
        transaction.set_rollback(True)
