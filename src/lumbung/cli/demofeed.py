"""Feeds the demo's fund month by month through the actions of real input: payrolls, bills, bank files, results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from lumbung.cli import demobills, demofaults, demofiles, demonotices, demopeople, demoslips
from lumbung.cli.demobills import Independent, Payment
from lumbung.cli.demofaults import Faults
from lumbung.cli.demofiles import PayrollLine
from lumbung.cli.demopeople import EMPLOYERS, GUIDE_NUMBER, SEED, InventedEmployer, InventedPerson, Job
from lumbung.cli.demoslips import COOK, WEAVER, Slips
from lumbung.law.month import Month

if TYPE_CHECKING:  # the models can be imported only once Django is set up
    from lumbung.contributions.models import Return

Report = Callable[[str, int, int], None]
LATE = EMPLOYERS[-1]
DECREE = "Demo: invented rate"
_MARCH = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """What the demo holds: settled when it is first built, so that a later start goes on with the same data."""

    members: int
    first: Month
    last: Month
    built_on: date


@dataclass(frozen=True)
class Feed:
    """What is fed: where its files lie, for whom, and the present, which nothing is booked after."""

    folder: Path
    plan: Plan
    invented: list[InventedPerson]
    independent: Independent
    now: datetime

    @cached_property
    def workers(self) -> list[tuple[InventedPerson, Job]]:
        return [(person, job) for person in self.invented for job in person.jobs]

    @cached_property
    def slips(self) -> Slips:
        """The mistakes that are made and put right."""
        return demoslips.slips(self.workers, self.plan.first, self.plan.last)

    @cached_property
    def faults(self) -> Faults:
        """What is wrong and stays wrong."""
        spared = {self.slips.left_out, demopeople.first_newcomer(self.invented)}
        return Faults(self.workers, self.plan.first, self.plan.last, frozenset(spared))

    @property
    def late_month(self) -> Month | None:
        """The month whose contributions the smallest employer pays a month late; none in a short demo."""
        late = self.plan.last - 6
        return late if late >= self.plan.first else None

    def day(self, month: Month) -> date:
        """When a month is reported and paid: early in the next one, in time for who pays ahead too."""
        random = Random(f"{SEED} {month}")  # noqa: S311  an invented day, no secret
        return min((month + 1).first_day + timedelta(days=random.randrange(2, 12)), self.plan.built_on)

    def morning(self, day: date) -> datetime:
        """Nine in the morning in Jakarta."""
        return min(datetime.combine(day, time(2, 0), UTC), self.now)


def run(feed: Feed, report: Report) -> None:
    """Month after month: each employer's payroll file, then the bank's file; in March the year's result.

    A month that was worked to its end is passed over; one that was broken off is worked again, which does nothing
    twice.
    """
    months = [feed.plan.first + step for step in range(feed.plan.last - feed.plan.first + 1)]
    for done, month in enumerate(months):
        report("Feeding payroll and bank files", done, len(months))
        done_once = feed.folder / "fed" / str(month)
        if done_once.exists():
            continue
        if month.month == _MARCH:
            _credit(feed, month.year - 1)
        _work(feed, month)
        demonotices.look_through(feed, month)
        done_once.touch()
    report("Feeding payroll and bank files", len(months), len(months))


def _credit(feed: Feed, year: int) -> None:
    """Credit a year in which money came, on 20 March of the next: after February's money, before March's."""
    from lumbung.development import actions

    day = date(year + 1, _MARCH, 20)
    if year >= (feed.plan.first + 1).year and day <= feed.plan.built_on:
        actions.credit(year=year, rate=f"5.{year % 10}0", decree=DECREE, now=feed.morning(day))
        # Not what a cycle that was broken off had queued: its day is later, and so is its news.
        demonotices.work_off(feed.morning(day), only="tell_development")


def _work(feed: Feed, month: Month) -> None:
    """A month's corrections, returns and bills, the bank's file with the money for them, and its settling."""
    from lumbung.contributions import actions as contributions
    from lumbung.payments import actions as payments

    day = feed.day(month)
    at = feed.morning(day)
    due = [*_put_right(feed, month), *_reported(feed, month), *_wrong_for_good(feed, month)]
    due += demobills.payments(feed.independent, Month.of(day), at)
    rows = [payment.line(day) for payment in due]
    if month == feed.plan.last and rows:
        rows += _payments_that_match_nothing(due[0], day)
    text = "payment_code,amount,received_on,bank_reference\n" + "".join(f"{row}\n" for row in rows)
    content = demofiles.write_once(feed.folder / "bank" / f"bank-{month}.csv", text.encode())
    paid = payments.take_in_bank_file(content, today=day, now=at + timedelta(minutes=1))
    assert paid.known in {0, content.count(b"\n") - 1}, "a bank file is taken in whole"
    contributions.settle_codes([payment.code for payment in due], now=at + timedelta(minutes=2))
    demobills.settle(at + timedelta(minutes=2))
    demonotices.work_off(at + timedelta(minutes=3))


def _reported(feed: Feed, month: Month) -> list[Payment]:
    """What the employers' returns of the month ask for; one employer pays a month late, with the next."""
    due = []
    for employer in EMPLOYERS:
        returned = _take_in(feed, employer, month)
        if returned is not None and not (employer is LATE and month == feed.late_month):
            due.append(_payment(returned, f"DEMO-{month}-{employer.full_number}"))
    if month - 1 == feed.late_month:
        late = _taken_in(LATE, month - 1, demofiles.file_name(LATE, month - 1))
        due += [_payment(late, f"DEMO-{month - 1}-{LATE.full_number}")] if late else []
    if month == feed.slips.left_out_in:
        due.append(_payment(_take_in_addition(feed, month), f"DEMO-{month}-{COOK.full_number}-A"))
    return due


def _wrong_for_good(feed: Feed, month: Month) -> list[Payment]:
    """What is sent apart from the payrolls and is wrong, and what is paid for it (demofaults)."""
    paid = []
    for fault in feed.faults.planted:
        if fault.kind == demofaults.WRONG_MONTH and fault.month == month:
            paid.append(_payment(_take_in_alone(feed, fault, month + 1, day=month), f"DEMO-{month}-W"))
        if fault.month != month - 1:
            continue
        if fault.kind == demofaults.UNPAID:
            _take_in_alone(feed, fault, fault.month, day=month)
        elif fault.kind == demofaults.SHORT:
            asked = _payment(_take_in_alone(feed, fault, fault.month, day=month), f"DEMO-{month}-S")
            paid.append(replace(asked, amount=asked.amount - demofaults.UNPAID_RUPIAH))
        elif fault.kind == demofaults.PROGRAMMES:
            paid.append(_payment(_take_in_with_mistaken_size(feed, fault, month), f"DEMO-{month}-P"))
        elif fault.kind == demofaults.OWED:
            _ask_for_the_rest(feed, fault, month)
        elif fault.kind == demofaults.GONE:
            _note_that_he_left(fault)
    return paid


def _take_in_alone(feed: Feed, fault: demofaults.Fault, reported: Month, *, day: Month) -> Return:
    """The line of one worker who was left out, sent in a cycle's `day` as if it were of a month."""
    employer = _invented(fault)
    lines = demofiles.payroll(feed.workers, employer, fault.month)
    alone = [line for line in lines if line.member_number == fault.member_number]
    name = f"susulan-{fault.kind}-{demofiles.file_name(employer, reported)}"
    return _take_in_lines(feed, alone, employer, reported, name, feed.day(day))


def _take_in_with_mistaken_size(feed: Feed, fault: demofaults.Fault, month: Month) -> Return:
    """His line comes in while the employer is noted as a small one, so a programme lacks; then it is right."""
    from django.db import transaction

    from lumbung.registry import actions, queries

    employer = queries.employer(fault.employer)
    with transaction.atomic():
        actions.note_size(employer, demofaults.MISTAKEN_SIZE)
        returned = _take_in_alone(feed, fault, fault.month, day=month)
        actions.note_size(employer, employer.size)
    return returned


def _ask_for_the_rest(feed: Feed, fault: demofaults.Fault, month: Month) -> None:
    """Correct a wage that was too low; nobody pays what is asked for."""
    employer = _invented(fault)
    wrong = _taken_in(employer, fault.month, demofiles.file_name(employer, fault.month))
    job = next(job for _, job in feed.workers if job.member_number == fault.member_number)
    right: dict[str, Any] = {"wage": job.wage_in(fault.month)}
    _correct(feed, wrong, right, fault.member_number, demoslips.WRONG_WAGE, feed.day(month))


def _note_that_he_left(fault: demofaults.Fault) -> None:
    """The employer says too late that a worker left: he was reported for one month more."""
    from lumbung.registry import actions, queries

    employments = queries.employed_between(
        queries.employer(fault.employer), fault.month.first_day, fault.month.last_day
    )
    for employment in employments.filter(member_number=fault.member_number):
        actions.end_employment(employment.pk, ended=(fault.month - 1).last_day)


def _invented(fault: demofaults.Fault) -> InventedEmployer:
    return next(employer for employer in EMPLOYERS if employer.full_number == fault.employer)


def _payment(returned: Return, reference: str) -> Payment:
    code = returned.payment_code
    assert code is not None, "it is asked for"
    return Payment(code.code, code.amount, reference)


def _take_in(feed: Feed, employer: InventedEmployer, month: Month) -> Return | None:
    """An employer's return for a month, taken in once however often; None without workers."""
    lines = feed.slips.as_reported(demofiles.payroll(feed.workers, employer, month), employer, month)
    lines = feed.faults.as_reported(lines, employer, month)
    name = demofiles.file_name(employer, month)
    return _take_in_lines(feed, lines, employer, month, name, feed.day(month)) if lines else None


def _take_in_addition(feed: Feed, month: Month) -> Return:
    """The line of the worker who was left out, sent as if it were of the month after."""
    lines = demofiles.payroll(feed.workers, COOK, month)
    left_out = [line for line in lines if line.member_number == feed.slips.left_out]
    return _take_in_lines(feed, left_out, COOK, month + 1, _addition(month), feed.day(month))


def _addition(month: Month) -> str:
    return f"susulan-{demofiles.file_name(COOK, month)}"


def _take_in_lines(
    feed: Feed, lines: list[PayrollLine], employer: InventedEmployer, month: Month, name: str, day: date
) -> Return:
    from lumbung.contributions import actions as contributions
    from lumbung.registry import queries as registry

    made = demofiles.content(lines, employer, month)
    content = demofiles.write_once(feed.folder / "payroll" / name, made)
    taken = contributions.take_in_return(
        registry.employer(employer.full_number), month, content, file_name=name, today=day, now=feed.morning(day)
    )
    return taken.returned


def _taken_in(employer: InventedEmployer, month: Month, name: str) -> Return | None:
    """The return that a file brought."""
    from lumbung.registry import queries as registry

    found = registry.employer(employer.full_number).returns.filter(month=month.first_day, file_name=name)
    return found.order_by("pk").first()


def _put_right(feed: Feed, month: Month) -> list[Payment]:
    """Correct the mistakes of the month before; what is asked for beyond what was paid."""
    corrections = []
    if month - 1 == feed.slips.wrong_wage_in:
        wrong = _taken_in(WEAVER, month - 1, demofiles.file_name(WEAVER, month - 1))
        guide = next(job for _, job in feed.workers if job.member_number == GUIDE_NUMBER)
        right: dict[str, Any] = {"wage": guide.wage_in(month - 1)}
        corrections.append(_correct(feed, wrong, right, GUIDE_NUMBER, demoslips.WRONG_WAGE, feed.day(month)))
    if month - 1 == feed.slips.left_out_in:
        wrong = _taken_in(COOK, month, _addition(month - 1))
        right = {"month": month - 1}
        number = feed.slips.left_out
        corrections.append(_correct(feed, wrong, right, number, demoslips.WRONG_MONTH, feed.day(month)))
    asking = [correction for correction in corrections if correction.payment_code is not None]
    return [_payment(correction, f"DEMO-{month}-C{place}") for place, correction in enumerate(asking, 1)]


def _correct(
    feed: Feed, wrong: Return | None, right: dict[str, Any], number: str, reason: str, day: date
) -> Return:
    from lumbung.contributions.corrections import actions
    from lumbung.contributions.corrections.judging import Change

    assert wrong is not None, "the mistake was reported"
    corrected = actions.correct(
        wrong, Change(**right), member_number=number, reason=reason, today=day, now=feed.morning(day)
    )
    return corrected.correction


def _payments_that_match_nothing(paid: Payment, day: date) -> list[str]:
    """Money that is held, to have something to look at: paid twice, and under a code that nobody was given."""
    return [
        Payment(paid.code, paid.amount, "DEMO-TWICE-1").line(day),
        Payment("999999999993", 750_000, "DEMO-STRAY-1").line(day),
    ]
