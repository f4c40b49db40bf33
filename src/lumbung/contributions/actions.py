"""Take in employers' returns, and settle those that are paid."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256

from django.db import connection, transaction
from procrastinate.contrib.django import app

from lumbung import law
from lumbung.contributions import bookkeeping, calendar, judging, queries, returnfile
from lumbung.contributions.errors import MonthNotYet, ReturnRefused
from lumbung.contributions.judging import JudgedLine, Terms, Workers
from lumbung.contributions.models import Return
from lumbung.encryption import blind_index
from lumbung.errors import Problem
from lumbung.law.contributions import programmes_of
from lumbung.law.month import Month
from lumbung.ledger import actions as ledger
from lumbung.payments import actions as payments
from lumbung.payments.models import PaymentCode, Receipt
from lumbung.registry.models import Employer


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A return as it stands after a take-in, and whether this take-in brought it."""

    returned: Return
    is_new: bool


@transaction.atomic
def take_in_return(
    employer: Employer, month: Month, content: bytes, *, file_name: str = "", today: date, now: datetime
) -> TakenIn:
    """Read and judge an employer's wage file for a month; on success ask for its contributions under a code.

    The same file twice is one return. A newer file replaces one that is not paid yet, whose code is void from
    then on. Raises ReturnRefused with all problems, MonthNotYet, or what the law refuses of the month; then
    nothing has changed.
    """
    if month > Month.of(today):
        raise MonthNotYet(month=month)
    Employer.objects.select_for_update(no_key=True).get(pk=employer.pk)
    digest = sha256(content).digest()
    known = Return.objects.filter(employer=employer, month=month.first_day, digest=digest).first()
    if known is not None:
        return TakenIn(_back_in_force(known, now), is_new=False)
    _settle_paid_ones(employer, month, now)
    lines = _judged(employer, month, content, file_name)
    _replace_open(employer, month)
    total = sum(line.assessment.total for line in lines)
    code = payments.issue_code(amount=total, due=calendar.due_date(month), now=now)
    returned = Return.objects.create(
        employer=employer,
        month=month.first_day,
        digest=digest,
        file_name=file_name[:200],
        content=content,
        received_at=now,
        law_version=law.version(),
        members=len(lines),
        total=total,
        payment_code=code,
    )
    _copy_lines(returned, lines)
    return TakenIn(returned, is_new=True)


def _judged(employer: Employer, month: Month, content: bytes, file_name: str) -> list[JudgedLine]:
    """The lines of the file with what each owes. Raises ReturnRefused with all problems."""
    terms = Terms(month, employer.risk_class, programmes_of(employer.size))
    # The law is asked first: a month it doesn't know refuses before a long file is read.
    law.contributions.assess(wage=0, month=month, risk_class=terms.risk_class, programmes=terms.programmes)
    read = returnfile.read(content, month=month, file_name=file_name)
    with_birth_dates = any(row.birth_date for row in read.rows)
    lines, problems = judging.judge(
        read.rows,
        workers=Workers(queries.workers(employer, month, with_birth_dates=with_birth_dates)),
        nik_indexes={row.nik: blind_index(row.nik, context="nik") for row in read.rows if row.nik},
        already_paid=queries.settled_members(employer, month),
        terms=terms,
        titles=read.titles,
    )
    problems = sorted([*read.problems, *problems], key=lambda problem: problem.line or sys.maxsize)
    if not problems and not any(line.assessment.total for line in lines):
        problems = [Problem("nothing_owed", judging.NOTHING_OWED)]
    if problems:
        raise ReturnRefused(problems)
    return lines


def _back_in_force(known: Return, now: datetime) -> Return:
    """The known return; one that a later file had replaced takes its place again, under a fresh code."""
    if known.state != Return.State.REPLACED:
        return known
    _settle_paid_ones(known.employer, Month.of(known.month), now)
    paid = queries.settled_members(known.employer, Month.of(known.month))
    twice = known.lines.filter(member_number__in=paid).order_by("line").values_list("line", "member_number_id")
    if twice:
        raise ReturnRefused(
            [Problem("already_paid", judging.ALREADY_PAID, line, "KPJ", number) for line, number in twice]
        )
    _replace_open(known.employer, Month.of(known.month))
    known.state = Return.State.OPEN
    known.payment_code = payments.issue_code(amount=known.total, due=known.payment_code.due, now=now)
    known.save(update_fields=["state", "payment_code"])
    return known


def _replace_open(employer: Employer, month: Month) -> None:
    replaced = Return.objects.filter(employer=employer, month=month.first_day, state=Return.State.OPEN)
    payments.void_codes(replaced.values_list("payment_code_id", flat=True))
    replaced.update(state=Return.State.REPLACED)


def _settle_paid_ones(employer: Employer, month: Month, now: datetime) -> None:
    """Settle first what is paid already, so that a file can't replace a return whose money has come."""
    paid = Return.objects.filter(
        employer=employer,
        month=month.first_day,
        state=Return.State.OPEN,
        payment_code__state=PaymentCode.State.PAID,
    )
    for code in paid.values_list("payment_code_id", flat=True):
        settle(code, now=now)


LINE_COLUMNS = (
    "returned_id, member_number_id, line, wage, back_pay, jht_employer, jht_member, jp_wage, jp_employer,"
    " jp_member, jkk, jkm"
)


def _copy_lines(returned: Return, lines: Sequence[JudgedLine]) -> None:
    """Store the lines by COPY: a return of 200,000 lines is one statement."""
    statement = f"COPY contributions_returnline ({LINE_COLUMNS}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for line in lines:
            row, owed = line.row, line.assessment
            copy.write_row(
                (
                    returned.pk, line.member_number, row.line, row.wage, row.back_pay,
                    owed.jht_employer, owed.jht_member, owed.jp_wage, owed.jp_employer, owed.jp_member,
                    owed.jkk, owed.jkm,
                )
            )  # fmt: skip


@transaction.atomic
def settle(payment_code: str, *, now: datetime) -> Return | None:
    """Credit the members of a paid return, once. None when the code belongs to no return or is not paid."""
    returned = (
        Return.objects.select_for_update(of=("self",), no_key=True).filter(payment_code=payment_code).first()
    )
    if returned is None or returned.state == Return.State.SETTLED:
        return returned
    receipt = Receipt.objects.filter(payment_code=payment_code).first()
    if receipt is None:
        return None
    month = Month.of(returned.month)
    numbers = queries.members_of(returned)
    # Two employers may pay the same member's month at once: whoever holds the account counts the month.
    ledger.lock(numbers)
    draft = bookkeeping.contribution(
        return_id=returned.pk,
        month=month,
        day=receipt.received_on,
        shares=queries.shares(returned, queries.pension_month_counted(numbers, month)),
        premiums=queries.premiums(returned),
    )
    posted = ledger.post(draft, now=now)
    returned.state = Return.State.SETTLED
    returned.entry_id = posted.entry_id
    returned.paid_on = receipt.received_on
    returned.save(update_fields=["state", "entry_id", "paid_on"])
    return returned


@app.task(name=payments.SETTLE_TASK, queueing_lock=None)
def settle_payment(payment_code: str) -> None:
    """The queued form of `settle`; the worker is the door that reads the clock."""
    settle(payment_code, now=datetime.now(UTC))


@app.periodic(cron="*/5 * * * *")
@app.task(name="lumbung.contributions.actions.settle_left_over", queueing_lock="lumbung.contributions.settle")
def settle_left_over(timestamp: int) -> None:
    """Settle what was paid and whose job was lost, as when a worker is killed in the middle of it."""
    for code in queries.paid_and_open():
        settle(code, now=datetime.now(UTC))
