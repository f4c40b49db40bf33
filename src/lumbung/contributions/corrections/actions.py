"""Correct what a settled return said: what was wrong is taken back, what is right is posted, together."""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256

import structlog
from django.db import transaction
from django.utils import timezone

from lumbung import law
from lumbung.contributions import bookkeeping as returns
from lumbung.contributions import calendar
from lumbung.contributions.corrections import bookkeeping, judging, queries
from lumbung.contributions.corrections.bookkeeping import Correction
from lumbung.contributions.corrections.judging import Change, RightLine, WrongLine
from lumbung.contributions.errors import CorrectionRefused, MonthNotYet, NothingToCorrect, NotSettled
from lumbung.contributions.lines import actions as stored
from lumbung.contributions.models import Return, TakenBack
from lumbung.contributions.settling import actions as settling
from lumbung.errors import Refusal
from lumbung.law.month import Month
from lumbung.ledger import actions as ledger
from lumbung.payments import actions as payments
from lumbung.payments.models import PaymentCode, Receipt
from lumbung.registry.models import Employer

log = structlog.get_logger(__name__)
TOLD_MONTHS = 12  # members are told of what is put right in months that are no older


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction as it stands now, and the payment codes of unpaid ones that it replaced."""

    correction: Return
    is_new: bool
    replaced: tuple[str, ...] = ()


@transaction.atomic
def correct(
    wrong: Return, change: Change, *, member_number: str | None = None, reason: str, today: date, now: datetime
) -> Corrected:
    """Put right the lines of a settled return, or that of one member, and say why.

    When more is owed than was paid, the difference is asked for under a payment code, and the books change when it
    is paid; until then a newer correction of one of these lines replaces this one. Otherwise they change at once,
    and what was paid too much stays in suspense as the employer's credit. The same correction twice is one.

    Raises NotSettled, NotInReturn, AlreadyTakenBack, NothingToCorrect, MonthNotYet, CorrectionRefused with all
    problems, and what the law or the books refuse; then nothing has changed.
    """
    assert reason.strip(), "a correction says why"
    assert member_number or not change.member_number, "one member's line is given to another member"
    employer = Employer.objects.select_for_update(no_key=True).get(pk=wrong.employer_id)
    month = Month.of(wrong.month)
    right_month = change.month or month
    if right_month > Month.of(today):
        raise MonthNotYet(month=right_month)
    settle_paid_ones(employer, [month, right_month], now=now)
    wrong.refresh_from_db()
    if wrong.state != Return.State.SETTLED:
        raise NotSettled(reference=wrong.pk)
    digest = _digest(wrong, change, member_number)
    known = wrong.corrections.filter(digest=digest).exclude(state=Return.State.REPLACED).last()
    if known is not None:
        return Corrected(known, is_new=False)
    lines = queries.wrong_lines(wrong, member_number)
    replaced = queries.waiting_for([line.line_id for line in lines])
    right = _judged(wrong, lines, change, right_month, replaced=[row.pk for row in replaced])
    _replace(replaced)
    correction = _keep(wrong, lines, right, right_month, digest=digest, reason=reason, today=today, now=now)
    if correction.payment_code is None:
        assert wrong.paid_on is not None, "the database holds it for every settled return"
        _book(correction, paid_on=wrong.paid_on, now=now)
    return Corrected(correction, True, tuple(row.payment_code_id for row in replaced if row.payment_code_id))


def _digest(wrong: Return, change: Change, member_number: str | None) -> bytes:
    facts = {"return": wrong.pk, "of": member_number, **asdict(change), "month": str(change.month)}
    return sha256(json.dumps(facts, sort_keys=True).encode()).digest()


def _judged(
    wrong: Return, lines: list[WrongLine], change: Change, right_month: Month, *, replaced: Collection[int]
) -> list[RightLine]:
    month = Month.of(wrong.month)
    right, problems = judging.judge(
        lines,
        change,
        month=month,
        terms=queries.terms(wrong, right_month),
        situation=queries.situation(wrong.employer, right_month, replaced=replaced),
    )
    if problems:
        raise CorrectionRefused(problems)
    if judging.changes_nothing(lines, right, is_same_month=month == right_month):
        raise NothingToCorrect
    return right


def _replace(corrections: Collection[Return]) -> None:
    """Withdraw corrections that wait for their payment; the lines they would have taken back are free again."""
    ids = [row.pk for row in corrections]
    payments.void_codes(row.payment_code_id for row in corrections if row.payment_code_id)
    TakenBack.objects.filter(by__in=ids).delete()
    Return.objects.filter(pk__in=ids).update(state=Return.State.REPLACED)


def _keep(
    wrong: Return,
    lines: list[WrongLine],
    right: list[RightLine],
    month: Month,
    *,
    digest: bytes,
    reason: str,
    today: date,
    now: datetime,
) -> Return:
    """The correction as a return of its own; it has a payment code when more is owed than was paid."""
    total, before = sum(line.assessment.total for line in right), sum(line.total for line in lines)
    code = None
    if total > before:
        # Choice: what was asked for now is in time with the contributions of the month that runs now.
        code = payments.issue_code(amount=total - before, due=calendar.due_date(Month.of(today)), now=now)
    correction = Return.objects.create(
        employer=wrong.employer,
        corrects=wrong,
        reason=reason,
        month=month.first_day,
        digest=digest,
        file_name="",
        received_at=now,
        law_version=law.version(),
        terms=queries.terms(wrong, month).kept,
        members=len(right),
        total=total,
        taken_back_total=before,
        payment_code=code,
    )
    stored.copy(
        correction.pk, ((x.member_number, x.line, x.wage, x.back_pay, x.assessment, x.job_loss) for x in right)
    )
    stored.copy_taken_back(correction.pk, [line.line_id for line in lines])
    return correction


def settle_paid_ones(employer: Employer, months: Collection[Month], *, now: datetime) -> None:
    """Settle first what this employer has paid for the months already: nothing is judged by older facts."""
    waiting = Return.objects.filter(
        employer=employer,
        month__in=[month.first_day for month in months],
        state=Return.State.OPEN,
        payment_code__state=PaymentCode.State.PAID,
    )
    found = list(waiting.order_by("pk"))
    settling.settle_or_refuse([row.pk for row in found if row.corrects_id is None], now=now)
    for row in found:
        if row.corrects_id is not None:
            settle(row.pk, now=now)


@transaction.atomic
def settle(correction_id: int, *, now: datetime) -> Return | None:
    """Book a correction whose difference is paid, once; None when it is not. Raises what the books refuse."""
    employer_id = Return.objects.values_list("employer_id", flat=True).get(pk=correction_id)
    Employer.objects.select_for_update(no_key=True).get(pk=employer_id)
    correction = (
        Return.objects.select_for_update(of=("self",), no_key=True)
        .select_related("corrects", "employer")
        .get(pk=correction_id)
    )
    if correction.state != Return.State.OPEN:
        return correction if correction.state == Return.State.SETTLED else None
    receipt = Receipt.objects.filter(payment_code=correction.payment_code_id).first()
    return None if receipt is None else _book(correction, paid_on=receipt.received_on, now=now)


def settle_or_log(correction_id: int, *, now: datetime) -> Return | None:
    """The same for one of many: what the books refuse is logged and stays open."""
    try:
        return settle(correction_id, now=now)
    except Refusal as refused:
        log.warning("correction_not_settled", returned=correction_id, refused=refused.code)
        return None


def _book(correction: Return, *, paid_on: date, now: datetime) -> Return:
    """Post what is right, then take back what was wrong: so no account is overdrawn in between."""
    settling.lock_members(queries.member_numbers(correction))
    correction.paid_on = paid_on
    facts = queries.correction(correction)
    assert correction.terms is not None, "a correction keeps its terms"
    terms = queries.terms(correction, facts.right_month)
    drafts = bookkeeping.right_drafts(facts, queries.premiums(correction.lines.all(), terms))
    months = bookkeeping.kept_months(facts)
    posted = ledger.post_set([*drafts, *([months] if months else [])], now=now)
    taken_back = _take_back(correction, facts, now=now)
    correction.state = Return.State.SETTLED
    correction.entry_count = len(drafts)
    correction.entry_id = posted[0].entry_id if drafts else taken_back
    correction.save(update_fields=["state", "entry_id", "entry_count", "paid_on"])
    booked_on = timezone.make_naive(now).date()
    if Month.of(booked_on) - Month.of(correction.month) <= TOLD_MONTHS:
        settling.have_told({correction.pk: booked_on}, now=now)
    return correction


def _take_back(correction: Return, facts: Correction, *, now: datetime) -> int | None:
    """Undo the wrong lines in each entry they stand in; returns the first entry that does so.

    None when the wrong lines brought nothing to anybody, as those of wages of 0 do.
    """
    wrong = correction.corrects
    assert wrong is not None, "it is a correction"
    key = f"{returns.return_key(correction.pk)}:back"
    if facts.layers and queries.is_whole(correction):
        undone = [
            ledger.reverse(layer.entry_id, key=_placed(key, place), reason=facts.reason, now=now)
            for place, layer in enumerate(facts.layers, 1)
        ]
        return undone[0].entry_id
    premiums = queries.premiums(queries.lines_taken_back(correction), queries.terms(wrong, facts.wrong_month))
    layers = [layer for layer in facts.layers if layer.held]
    if not layers:
        if not premiums.total:
            return None
        return ledger.post(bookkeeping.premiums_taken_back(facts, premiums), now=now).entry_id
    undone = [
        ledger.correct(
            layer.entry_id,
            sorted(layer.held),
            control=bookkeeping.taken_back(layer, premiums if place == len(layers) else NO_PREMIUMS),
            key=_placed(key, place),
            reason=facts.reason,
            now=now,
        )
        for place, layer in enumerate(layers, 1)
    ]
    return undone[0].entry_id


NO_PREMIUMS = returns.Premiums(0, 0)


def _placed(key: str, place: int) -> str:
    return key if place == 1 else f"{key}:{place}"
