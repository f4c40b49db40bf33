"""Take in employers' returns, and settle those that are paid."""

import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from hashlib import sha256

from django.db import transaction
from procrastinate.contrib.django import app

from lumbung import law
from lumbung.contributions import calendar, judging, queries, returnfile
from lumbung.contributions.corrections import actions as corrections
from lumbung.contributions.errors import MonthNotYet, ReturnRefused
from lumbung.contributions.judging import JudgedLine, Terms, Workers
from lumbung.contributions.lines import actions as stored
from lumbung.contributions.models import Return
from lumbung.contributions.settling import actions as settling
from lumbung.contributions.settling import queries as waiting
from lumbung.contributions.settling.actions import SettledSet
from lumbung.encryption import blind_index
from lumbung.errors import Problem
from lumbung.law.month import Month
from lumbung.payments import actions as payments
from lumbung.payments.models import PaymentCode
from lumbung.registry.models import Employer


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A return as it stands after a take-in, and whether this take-in brought it."""

    returned: Return
    is_new: bool

    @property
    def code(self) -> PaymentCode:
        """What the return is paid under; only a correction may have none."""
        assert self.returned.payment_code is not None, "the database holds it for every return taken in"
        return self.returned.payment_code


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
    known = Return.objects.filter(employer=employer, month=month.first_day, digest=digest, corrects__isnull=True)
    latest = known.order_by("edition").last()
    if latest is not None and not queries.is_taken_back(latest):
        return TakenIn(_back_in_force(latest, now), is_new=False)
    corrections.settle_paid_ones(employer, [month], now=now)
    terms = queries.terms_of(employer, month)
    lines = _judged(employer, terms, content, file_name)
    _replace_open(employer, month)
    total = sum(line.assessment.total for line in lines)
    due = calendar.due_date(month, relief_covid=terms.relief_covid)
    code = payments.issue_code(amount=total, due=due, now=now)
    returned = Return.objects.create(
        employer=employer,
        month=month.first_day,
        digest=digest,
        edition=latest.edition + 1 if latest else 1,
        file_name=file_name[:200],
        content=content,
        received_at=now,
        law_version=law.version(),
        terms=terms.kept,
        members=len(lines),
        total=total,
        payment_code=code,
    )
    copied = ((x.member_number, x.row.line, x.row.wage, x.row.back_pay, x.assessment, x.job_loss) for x in lines)
    stored.copy(returned.pk, copied)
    return TakenIn(returned, is_new=True)


def _judged(employer: Employer, terms: Terms, content: bytes, file_name: str) -> list[JudgedLine]:
    """The lines of the file with what each owes. Raises ReturnRefused with all problems."""
    month = terms.month
    terms.assess(0)  # the law is asked first: a month it doesn't know refuses before a long file is read
    read = returnfile.read(content, month=month, file_name=file_name)
    with_birth_dates = any(row.birth_date for row in read.rows)
    lines, problems = judging.judge(
        read.rows,
        workers=Workers(queries.workers(employer, month, with_birth_dates=with_birth_dates)),
        nik_indexes={row.nik: blind_index(row.nik, context="nik") for row in read.rows if row.nik},
        already_paid=queries.spoken_for(employer, month),
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
    month = Month.of(known.month)
    corrections.settle_paid_ones(known.employer, [month], now=now)
    assert known.payment_code is not None, "the database holds it for every return that corrects nothing"
    paid = queries.spoken_for(known.employer, month)
    twice = known.lines.filter(member_number__in=paid).order_by("line").values_list("line", "member_number_id")
    if twice:
        raise ReturnRefused(
            [Problem("already_paid", judging.ALREADY_PAID, line, "KPJ", number) for line, number in twice]
        )
    _replace_open(known.employer, month)
    known.state = Return.State.OPEN
    known.payment_code = payments.issue_code(amount=known.total, due=known.payment_code.due, now=now)
    known.save(update_fields=["state", "payment_code"])
    return known


def _replace_open(employer: Employer, month: Month) -> None:
    replaced = Return.objects.filter(
        employer=employer, month=month.first_day, state=Return.State.OPEN, corrects__isnull=True
    )
    payments.void_codes(replaced.values_list("payment_code_id", flat=True))
    replaced.update(state=Return.State.REPLACED)


@transaction.atomic
def settle(payment_code: str, *, now: datetime) -> Return | None:
    """Credit the members of a paid return, or put right what a paid correction says, once.

    None when the code belongs to no return or is not paid. Raises what the books refuse.
    """
    found = Return.objects.filter(payment_code=payment_code).first()
    if found is None:
        return None
    if found.corrects_id is None:
        settling.settle_or_refuse([found.pk], now=now)
    else:
        corrections.settle(found.pk, now=now)
    found.refresh_from_db()
    return found if found.state == Return.State.SETTLED else None


def settle_codes(codes: Collection[str], *, now: datetime) -> list[Return]:
    """Settle what was paid under these codes, in sets, and wait for whoever works on them; what stands settled.

    A return that the books refuse is logged and stays open; the others are settled.
    """
    found = list(Return.objects.filter(payment_code__in=list(codes)).order_by("pk"))
    for batch in _batches([row for row in found if row.corrects_id is None]):
        settling.settle_these([row.pk for row in batch], now=now)
    for row in found:
        if row.corrects_id is not None:
            corrections.settle_or_log(row.pk, now=now)
    settled = Return.objects.filter(pk__in=[row.pk for row in found], state=Return.State.SETTLED)
    return list(settled.order_by("pk"))


def _batches(returns: Sequence[Return]) -> Iterator[list[Return]]:
    """Sets of about as many lines as a drain takes at once."""
    batch: list[Return] = []
    for row in returns:
        if batch and sum(one.members for one in batch) + row.members > settling.SET_LINES:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def settle_paid(*, now: datetime, lines: int = settling.SET_LINES, after: int = 0) -> SettledSet | None:
    """Settle one set of paid returns, up to so many lines, in one transaction; None when nothing is left to claim.

    Returns that somebody else works on are passed over. `after` is the `last` of the set before.
    """
    return settling.settle_set(now=now, lines=lines, after=after)


@dataclass(frozen=True, slots=True)
class Drained:
    """What a drain did: returns and members settled, and the ids of returns that the books refused."""

    returns: int
    members: int
    refused: tuple[int, ...]


def drain(
    *,
    clock: Callable[[], datetime],
    progress: Callable[[int, int], None] = lambda done, of: None,
    lines: int = settling.SET_LINES,
) -> Drained:
    """Settle set after set until nothing is paid and open but what others work on or what the books refuse.

    Each set is a transaction of its own: stopped at any moment, whole sets are settled and the rest waits.
    `progress` is told how many lines are settled, and of how many that waited.
    """
    of = waiting.lines_waiting()
    returns = members = last = 0
    refused: tuple[int, ...] = ()
    progress(0, of)
    while (done := settle_paid(now=clock(), lines=lines, after=last)) is not None:
        returns, members, last = returns + done.returns, members + done.members, done.last
        refused += done.refused
        progress(members, max(of, members))
    for correction in waiting.paid_corrections():
        settled = corrections.settle_or_log(correction, now=clock())
        if settled is None:
            refused += (correction,)
        else:
            returns, members = returns + 1, members + settled.members
            progress(members, max(of, members))
    return Drained(returns, members, refused)


@app.task(name=payments.SETTLING, queueing_lock=None)
def settle_returns() -> None:
    """What payments queue when money has come; the worker is the door that reads the clock."""
    drain(clock=partial(datetime.now, UTC))


@app.periodic(cron="*/5 * * * *")
@app.task(name="lumbung.contributions.actions.settle_left_over", queueing_lock="lumbung.contributions.settle")
def settle_left_over(timestamp: int) -> None:
    """Settle what was paid and whose job was lost, as when a worker is killed in the middle of it."""
    drain(clock=partial(datetime.now, UTC))


@app.task(name="lumbung.contributions.actions.settle_payment", queueing_lock=None)
def settle_payment(payment_code: str) -> None:
    """One paid return: jobs that an older version queued have this name."""
    settle(payment_code, now=datetime.now(UTC))
