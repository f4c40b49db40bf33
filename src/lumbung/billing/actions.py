"""Bill what is owed outside of returns, withdraw bills, and settle those that are paid."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import structlog
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

from lumbung import law
from lumbung.billing import bookkeeping, calendar, queries
from lumbung.billing.bookkeeping import Amounts
from lumbung.billing.errors import (
    AlreadyBilled,
    AlreadyPaid,
    NoOldAgeChosen,
    NoSuchBill,
    NothingOwed,
    NotPaidYet,
    OutsideContract,
    WrongMonthCount,
)
from lumbung.billing.models import Bill
from lumbung.errors import Refusal
from lumbung.law import construction, fines, migrant_workers, self_employed
from lumbung.law.month import Month
from lumbung.ledger import actions as ledger
from lumbung.ledger.drafts import Draft
from lumbung.payments import actions as payments
from lumbung.payments.models import PaymentCode
from lumbung.registry import queries as registry
from lumbung.registry.errors import NotSelfEmployed
from lumbung.registry.models import Employer, MemberNumber, MigrantContract, Project, SelfEmployment

MOST_MONTHS = 24
BILLS_AT_ONCE = 2_000  # a set of 10,000 costs the books three times as much a bill (docs/decisions/0013)
SETTLE_TASK = "lumbung.billing.actions.settle_bills"
# Who tells members is above this package. Money that came longer ago is no news (contributions.settling).
TELL_TASK, TELL_QUEUE = "lumbung.notices.actions.tell_bills", "notices"
NEWS_FOR = timedelta(days=31)
log = structlog.get_logger(__name__)
_SETTLED = """
    UPDATE billing_bill AS bill SET state = 'settled', entry_id = done.entry_id, paid_on = done.paid_on
    FROM unnest(%s::bigint[], %s::bigint[], %s::date[]) AS done (id, entry_id, paid_on) WHERE bill.id = done.id
"""


@dataclass(frozen=True, slots=True)
class Issued:
    """The bills under one payment code, and whether this call made them."""

    payment_code: PaymentCode
    bills: list[Bill]
    is_new: bool


@transaction.atomic
def issue_self_employed(member_number: str, *, first: Month, months: int, now: datetime) -> Issued:
    """Ask a self-employed member for so many months from the first one on, under one code.

    Each month follows his enrolment in it; a month in which it changes follows the later one. The code is due when
    its first month is. Asking again for the very same months gives the bills that are there. Raises
    NotSelfEmployed, AlreadyBilled, AlreadyPaid, WrongMonthCount, or what the law refuses.
    """
    if not 1 <= months <= MOST_MONTHS:
        raise WrongMonthCount(most=MOST_MONTHS)
    MemberNumber.objects.select_for_update(no_key=True).get(pk=member_number)
    wanted = [first + step for step in range(months)]
    there = queries.bills_of_months(member_number, wanted)
    enrolments = registry.self_employed_between(member_number, first.first_day, wanted[-1].last_day)
    bills = [_self_employed_bill(member_number, month, enrolments) for month in wanted]
    if there:
        return _the_same(there, bills)
    return _issue(bills, due=calendar.self_employed_due(first, relief_covid=_relieved(bills)), now=now)


def _relieved(bills: Sequence[Bill]) -> bool:
    return bills[0].enrolment is not None and bills[0].enrolment.relief_covid


def _self_employed_bill(member_number: str, month: Month, enrolments: Sequence[SelfEmployment]) -> Bill:
    enrolment = _enrolment_in(month, enrolments)
    owed = self_employed.assess(
        income=enrolment.income,
        month=month,
        programmes=enrolment.programmes,
        sector=enrolment.sector,
        relief_covid=enrolment.relief_covid,
        paid_by_state=enrolment.paid_by_state,
    )
    return Bill(
        kind=Bill.Kind.SELF_EMPLOYED,
        member_number_id=member_number,
        enrolment=enrolment,
        month=month.first_day,
        jkk=owed.jkk,
        jkm=owed.jkm,
        jht=owed.jht,
    )


def _enrolment_in(month: Month, enrolments: Sequence[SelfEmployment]) -> SelfEmployment:
    """The latest of the enrolments, which come in their order, that touches the month."""
    for enrolment in reversed(enrolments):
        if enrolment.starts <= month.last_day and (enrolment.ends is None or enrolment.ends >= month.first_day):
            return enrolment
    raise NotSelfEmployed(month=month)


@transaction.atomic
def issue_construction(project: Project, *, now: datetime) -> Issued:
    """Ask for a construction project's contributions, once, by the law of the month in which it starts.

    They are due before the work begins (choice). Raises AlreadyPaid, NothingOwed, or what the law refuses.
    """
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    month = Month.of(project.starts)
    owed = construction.assess(
        contract_value=project.contract_value, month=month, relief_covid=project.relief_covid
    )
    bill = Bill(
        kind=Bill.Kind.CONSTRUCTION,
        project=project,
        employer_id=project.employer_id,
        month=month.first_day,
        jkk=owed.jkk,
        jkm=owed.jkm,
    )
    there = queries.live_bills().filter(project=project)
    if there:
        return _the_same(list(there), [bill])
    return _issue([bill], due=project.starts, now=now)


@transaction.atomic
def issue_migrant(
    contract: MigrantContract, *, old_age_first: Month | None = None, old_age_months: int = 0, now: datetime
) -> Issued:
    """Ask a migrant worker for the contract's JKK and JKM, if that was not done, and for months of old age.

    The old-age months count from `old_age_first`, the month of departure when None. Raises NoOldAgeChosen,
    OutsideContract, WrongMonthCount, AlreadyBilled, AlreadyPaid, or what the law refuses.
    """
    MigrantContract.objects.select_for_update(no_key=True).get(pk=contract.pk)
    departs = Month.of(contract.departs_on)
    first = old_age_first or departs
    if not 0 <= old_age_months <= MOST_MONTHS:
        raise WrongMonthCount(most=MOST_MONTHS)
    if old_age_months and not contract.old_age:
        raise NoOldAgeChosen
    bills = [_old_age_bill(contract, first + step) for step in range(old_age_months)]
    live = {bill.month: bill for bill in queries.live_bills().filter(contract=contract)}
    premium = live.get(None)
    there = [live[bill.month] for bill in bills if bill.month in live]
    if premium is not None and not bills:
        there = [premium]
    if premium is None or (there and premium.payment_code_id == there[0].payment_code_id):
        bills.insert(0, _premium_bill(contract, departs))
    if there:
        return _the_same(there, bills)
    return _issue(bills, due=contract.departs_on if premium is None else first.last_day, now=now)


def _premium_bill(contract: MigrantContract, month: Month) -> Bill:
    owed = migrant_workers.assess(
        contract_months=contract.contract_months,
        extension_months=contract.extension_months,
        agency=contract.agency,
        month=month,
    )
    return Bill(
        kind=Bill.Kind.MIGRANT,
        member_number_id=contract.member_number_id,
        contract=contract,
        migrant=owed.premium,
    )


def _old_age_bill(contract: MigrantContract, month: Month) -> Bill:
    first, last = Month.of(contract.departs_on), Month.of(contract.ends)
    if not first <= month <= last:
        raise OutsideContract(month=month, first=first, last=last)
    owed = migrant_workers.assess(
        contract_months=contract.contract_months, month=month, agency=contract.agency, old_age=contract.old_age
    )
    return Bill(
        kind=Bill.Kind.MIGRANT,
        member_number_id=contract.member_number_id,
        contract=contract,
        month=month.first_day,
        jht=owed.old_age,
    )


@transaction.atomic
def bill_late_fine(
    employer: Employer,
    *,
    month: Month,
    owed: int,
    paid_on: date,
    now: datetime,
    late_code: str | None = None,
) -> Bill | None:
    """Ask an employer for the fine on the contributions `owed` for a month and paid on a day; None in time.

    `late_code` is the payment code that was paid late: two returns of one month are two fines, one return is one.
    """
    if owed == 0:
        return None
    assessed = fines.late_fine(
        segment="PU",
        month=month,
        owed=owed,
        paid_on=paid_on,
        relief_covid=employer.relief_covid,
        holidays=calendar.around(month),
    )
    if assessed.fine == 0:
        return None
    Employer.objects.select_for_update(no_key=True).get(pk=employer.pk)
    bill = Bill(
        kind=Bill.Kind.LATE_FINE,
        employer=employer,
        month=month.first_day,
        owed=owed,
        late_paid_on=paid_on,
        late_code_id=late_code,
        fine=assessed.fine,
    )
    there = queries.live_bills().filter(
        employer=employer, month=month.first_day, owed=owed, late_paid_on=paid_on, late_code=late_code
    )
    return there.first() or _issue([bill], due=calendar.fine_due(paid_on), now=now).bills[0]


def _the_same(there: Sequence[Bill], wanted: Sequence[Bill]) -> Issued:
    """The bills that are there, if they are just what is wanted and one open code asks for them."""
    codes = {bill.payment_code_id: bill.payment_code for bill in there}
    code = codes[min(codes)]
    if any(bill.state == Bill.State.SETTLED or bill.payment_code.state == "paid" for bill in there):
        raise AlreadyPaid(payment_code=code.code)
    same = len(codes) == 1 and _facts(code.bills.all()) == _facts(wanted)
    if not same:
        raise AlreadyBilled(payment_code=code.code)
    return Issued(code, list(there), is_new=False)


def _facts(bills: Iterable[Bill]) -> set[tuple[object, ...]]:
    return {(bill.kind, bill.month, bill.jkk, bill.jkm, bill.jht, bill.migrant) for bill in bills}


def _issue(bills: Sequence[Bill], *, due: date, now: datetime) -> Issued:
    total = sum(bill.total for bill in bills)
    if not all(bill.total for bill in bills):
        raise NothingOwed
    code = payments.issue_code(amount=total, due=due, now=now)
    for bill in bills:
        bill.payment_code, bill.issued_at, bill.law_version = code, now, law.version()
    return Issued(code, Bill.objects.bulk_create(bills), is_new=True)


@transaction.atomic
def void(payment_code: str) -> list[Bill]:
    """Withdraw the bills under a code that is not paid; money that still arrives under it is held.

    Raises NoSuchBill, AlreadyPaid.
    """
    code = PaymentCode.objects.select_for_update().filter(pk=payment_code, bills__isnull=False).first()
    if code is None:
        raise NoSuchBill(reference=payment_code)
    if code.state == PaymentCode.State.PAID:
        raise AlreadyPaid(payment_code=payment_code)
    payments.void_codes([payment_code])
    code.bills.filter(state=Bill.State.OPEN).update(state=Bill.State.VOID)
    return list(code.bills.order_by("pk"))


@transaction.atomic
def take_back(bill_id: int, *, reason: str, now: datetime) -> Bill:
    """Undo a paid bill that was wrong, and say why; the money goes back to suspense as the payer's credit. Once.

    The right bill can be issued then. Raises NoSuchBill, NotPaidYet, and what the books refuse, as when the money
    is gone.
    """
    bill = Bill.objects.select_for_update(no_key=True).filter(pk=bill_id).first()
    if bill is None:
        raise NoSuchBill(reference=bill_id)
    if bill.state == Bill.State.TAKEN_BACK:
        return bill
    if bill.state != Bill.State.SETTLED or bill.entry_id is None:
        raise NotPaidYet
    ledger.reverse(bill.entry_id, key=f"bill:{bill.pk}:taken-back", reason=reason, now=now)
    bill.state = Bill.State.TAKEN_BACK
    bill.save(update_fields=["state"])
    return bill


@transaction.atomic
def settle_paid(*, now: datetime, limit: int = BILLS_AT_ONCE) -> int:
    """Book bills whose money has come, at most so many, in one set; returns how many. Several may do so at once.

    A bill that the books refuse is noted in the log and stays open; the others go on.
    """
    bills = list(queries.paid_and_open().select_for_update(of=("self",), no_key=True, skip_locked=True)[:limit])
    if not bills:
        return 0
    receipts = queries.received_on(bill.payment_code_id for bill in bills)
    drafts = {bill.pk: _draft(bill, receipts[bill.payment_code_id]) for bill in bills}
    try:
        with transaction.atomic():
            entries = _post_set(drafts, now=now)
    except Refusal:
        entries = _post_one_by_one(drafts, now=now)
    settled = [(bill.pk, entries[bill.pk], receipts[bill.payment_code_id]) for bill in bills if bill.pk in entries]
    with connection.cursor() as cursor:
        cursor.execute(_SETTLED, [list(column) for column in zip(*settled, strict=True)] or [[], [], []])
    new: list[JSONValue] = [
        bill_id for bill_id, _, day in settled if timezone.make_naive(now).date() - day <= NEWS_FOR
    ]
    if new:
        app.configure_task(TELL_TASK, queue=TELL_QUEUE).defer(bill_ids=new)
    return len(settled)


def _draft(bill: Bill, day: date) -> Draft:
    return bookkeeping.payment(
        bill_id=bill.pk,
        day=day,
        amounts=Amounts(jkk=bill.jkk, jkm=bill.jkm, jht=bill.jht, migrant=bill.migrant, fine=bill.fine),
        member_number=bill.member_number_id,
        month=None if bill.month is None else Month.of(bill.month),
    )


def _post_set(drafts: dict[int, Draft], *, now: datetime) -> dict[int, int]:
    """Bill → entry, all of them or none."""
    posted = ledger.post_set(list(drafts.values()), now=now)
    return {bill_id: entry.entry_id for bill_id, entry in zip(drafts, posted, strict=True)}


def _post_one_by_one(drafts: dict[int, Draft], *, now: datetime) -> dict[int, int]:
    """Bill → entry, of those that the books take."""
    entries = {}
    for bill_id, draft in drafts.items():
        try:
            with transaction.atomic():
                entries[bill_id] = ledger.post(draft, now=now).entry_id
        except Refusal as refused:
            log.warning("bill_not_settled", bill=bill_id, refused=refused.code)
    return entries


def drain(*, now: datetime) -> int:
    """Settle set after set until no bill is paid and open; returns how many were settled."""
    settled = 0
    while done := settle_paid(now=now):
        settled += done
    return settled


@app.task(name=SETTLE_TASK)
def settle_bills(**facts: object) -> None:
    """What payments queue when money has come; the worker is the door that reads the clock."""
    drain(now=datetime.now(UTC))


@app.periodic(cron="*/5 * * * *")
@app.task(name="lumbung.billing.actions.settle_left_over", queueing_lock="lumbung.billing.settle")
def settle_left_over(timestamp: int) -> None:
    """Settle what was paid and whose job was lost, as when a worker is killed in the middle of it."""
    drain(now=datetime.now(UTC))
