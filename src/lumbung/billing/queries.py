"""What was billed and paid outside of returns, and who is insured by it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, QuerySet

from lumbung.billing.models import IN_FORCE, Bill
from lumbung.law.month import Month
from lumbung.payments.models import PaymentCode, Receipt
from lumbung.registry import queries as registry
from lumbung.registry.models import Employer


def live_bills() -> QuerySet[Bill]:
    """Bills that were neither withdrawn nor taken back, with their payment codes."""
    return Bill.objects.filter(IN_FORCE).select_related("payment_code")


def bills_of_months(member_number: str, months: Iterable[Month]) -> list[Bill]:
    """The self-employed member's bills of these months that are in force, the oldest month first."""
    days = [month.first_day for month in months]
    found = live_bills().filter(kind=Bill.Kind.SELF_EMPLOYED, member_number=member_number, month__in=days)
    return list(found.order_by("month"))


def paid_and_open() -> QuerySet[Bill]:
    """Bills whose money has come and that are not settled, the oldest first."""
    waiting = Bill.objects.filter(state=Bill.State.OPEN, payment_code__state=PaymentCode.State.PAID)
    return waiting.order_by("pk")


def received_on(codes: Iterable[str]) -> dict[str, date]:
    """Payment code → the day on which the bank received its money."""
    rows = Receipt.objects.filter(payment_code__in=set(codes))
    return {code: day for code, day in rows.values_list("payment_code_id", "received_on") if code is not None}


def bills(
    *,
    kind: str | None = None,
    member_number: str | None = None,
    employer: Employer | None = None,
    state: str | None = None,
) -> QuerySet[Bill]:
    """Bills with their codes, the newest first; of a kind, a member number, an employer or a state when given."""
    found = Bill.objects.select_related("payment_code", "employer", "project").order_by("-pk")
    if kind is not None:
        found = found.filter(kind=kind)
    if member_number is not None:
        found = found.filter(member_number=member_number)
    if employer is not None:
        found = found.filter(employer=employer)
    if state is not None:
        found = found.filter(state=state)
    return found


@dataclass(frozen=True, slots=True)
class Enrolment:
    """How a person insures himself on a day: as self-employed (BPU) or as a migrant worker (PMI).

    `ends` is the last day, None while it is open. A self-employed member pays by the month, a migrant worker
    (`at_once`) for the whole contract.
    """

    segment: str
    member_number: str
    programmes: frozenset[str]
    starts: date
    ends: date | None
    at_once: bool


def enrolment_on(person_id: int, day: date) -> Enrolment | None:
    """How the person insures himself on the day, over all his member numbers; None when he does not.

    Whether it was paid is `last_month_paid`'s to say. A migrant worker's insurance begins before he departs, from
    the day his premium was paid on.
    """
    found = registry.self_employments_on(person_id, day).first()
    if found is not None:
        return Enrolment("BPU", found.member_number_id, found.programmes, found.starts, found.ends, at_once=False)
    for contract in registry.migrant_contracts_on(person_id, day):
        programmes = frozenset({"JKK", "JKM", "JHT"} if contract.old_age else {"JKK", "JKM"})
        paid_on = _premium_paid_on(contract.pk)
        starts = min(contract.departs_on, paid_on or contract.departs_on)
        if starts <= day:
            return Enrolment("PMI", contract.member_number_id, programmes, starts, contract.ends, at_once=True)
    return None


def _premium_paid_on(contract_id: int) -> date | None:
    paid = Bill.objects.filter(contract=contract_id, month__isnull=True, state=Bill.State.SETTLED)
    return paid.values_list("paid_on", flat=True).first()


def last_month_paid(person_id: int) -> Month | None:
    """The newest month for which the person's own contributions are paid; it may lie ahead.

    A migrant worker's premium pays all months of the contract at once.
    """
    paid = Bill.objects.filter(member_number__person_id=person_id, state=Bill.State.SETTLED)
    newest = [
        paid.filter(kind=Bill.Kind.SELF_EMPLOYED).aggregate(month=Max("month"))["month"],
        paid.filter(kind=Bill.Kind.MIGRANT, month__isnull=True).aggregate(ends=Max("contract__ends"))["ends"],
    ]
    return max((Month.of(day) for day in newest if day is not None), default=None)


@dataclass(frozen=True, slots=True)
class Paid:
    """What a member paid for himself under one bill, in whole rupiah; `month` is None for a migrant's premium."""

    member_number: str
    segment: str
    month: Month | None
    jkk: int
    jkm: int
    jht: int
    migrant: int
    paid_on: date
    entry_id: int


def history(member_numbers: Sequence[str], *, offset: int = 0, limit: int = 12) -> list[Paid]:
    """What was paid for these member numbers by themselves, the newest payment first."""
    rows = _paid(member_numbers).order_by("-paid_on", "-month", "-pk")[offset : offset + limit]
    return [_paid_row(bill) for bill in rows]


def history_length(member_numbers: Sequence[str]) -> int:
    """How many rows `history` has in all."""
    return _paid(member_numbers).count()


def _paid(member_numbers: Sequence[str]) -> QuerySet[Bill]:
    return Bill.objects.filter(member_number__in=member_numbers, state=Bill.State.SETTLED)


def _paid_row(bill: Bill) -> Paid:
    assert bill.member_number_id is not None, "it was found by its member number"
    assert bill.paid_on is not None, "the database holds it for every settled bill"
    assert bill.entry_id is not None, "the database holds it for every settled bill"
    return Paid(
        member_number=bill.member_number_id,
        segment="BPU" if bill.kind == Bill.Kind.SELF_EMPLOYED else "PMI",
        month=None if bill.month is None else Month.of(bill.month),
        jkk=bill.jkk,
        jkm=bill.jkm,
        jht=bill.jht,
        migrant=bill.migrant,
        paid_on=bill.paid_on,
        entry_id=bill.entry_id,
    )
