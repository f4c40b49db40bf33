"""Settle paid returns in sets: hold them, post their contributions in one statement, ask for late fines."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue
from psycopg.errors import DeadlockDetected

from lumbung.billing import actions as billing
from lumbung.contributions import bookkeeping
from lumbung.contributions.models import Return
from lumbung.contributions.settling import queries
from lumbung.contributions.settling.queries import Paid
from lumbung.errors import Refusal
from lumbung.ledger import actions as ledger
from lumbung.ledger.drafts import Draft
from lumbung.payments.models import PaymentCode
from lumbung.registry.models import Employer

log = structlog.get_logger(__name__)

SET_LINES = 50_000
SET_RETURNS = 5_000
CLAIMED_AT_ONCE = 20
TRIES = 5
# Who tells members is above this package, so its task is named, not imported. Money that came long ago is no news:
# an old fund's books are taken over without a word to anybody.
TELL_TASK, TELL_QUEUE = "lumbung.notices.actions.tell_settled", "notices"
NEWS_FOR = timedelta(days=31)
_CLAIM = """
    SELECT r.id, r.members FROM contributions_return AS r
    JOIN payments_paymentcode AS c ON c.code = r.payment_code_id
    WHERE r.state = 'open' AND r.corrects_id IS NULL AND c.state = 'paid' AND r.id > %s
    ORDER BY r.id FOR NO KEY UPDATE OF r SKIP LOCKED
"""
_WITHOUT_ACCOUNT = """
    SELECT m.number FROM registry_membernumber AS m
    WHERE m.number = ANY(%s)
      AND NOT EXISTS (SELECT FROM ledger_memberaccount AS a WHERE a.member_number = m.number)
    ORDER BY m.number FOR NO KEY UPDATE OF m
"""
_SETTLED = """
    UPDATE contributions_return AS r SET state = 'settled', entry_id = s.entry_id, paid_on = s.paid_on
    FROM unnest(%s::bigint[], %s::bigint[], %s::date[]) AS s (id, entry_id, paid_on) WHERE r.id = s.id
"""


@dataclass(frozen=True, slots=True)
class SettledSet:
    """What became of a set of paid returns; `last` is the greatest id that was looked at.

    `refused` are the ids that the books refused; they are in the log and stay open.
    """

    returns: int
    members: int
    refused: tuple[int, ...]
    last: int


def settle_set(*, now: datetime, lines: int = SET_LINES, after: int = 0) -> SettledSet | None:
    """Claim paid returns with ids beyond `after`, up to so many lines, and settle them in one transaction.

    None when there is none. What others have claimed is passed over, so several may do this side by side. When the
    books refuse the set it is halved until the return that they refuse stands alone; the others are settled.
    """
    for tries_left in reversed(range(TRIES)):
        claimed: list[int] = []
        try:
            with transaction.atomic():
                claimed = _claim(lines, after)
                if not claimed:
                    return None
                return _post(_hold(claimed, wait=False), last=claimed[-1], now=now)
        except Refusal:
            return _halved(claimed, wait=False, now=now)
        except OperationalError as wrong:
            # Sets never wait for each other in a ring; somebody else's postings might.
            if not isinstance(wrong.__cause__, DeadlockDetected) or not tries_left:
                raise
    raise AssertionError("the last try returns or raises")


def settle_these(return_ids: Sequence[int], *, now: datetime) -> SettledSet:
    """Settle those of the returns that are paid and open, in one set, after whoever works on them already.

    A return that the books refuse is logged and stays open; the others are settled.
    """
    try:
        return settle_or_refuse(return_ids, now=now)
    except Refusal:
        return _halved(return_ids, wait=True, now=now)


@transaction.atomic
def settle_or_refuse(return_ids: Sequence[int], *, now: datetime) -> SettledSet:
    """The same, whole or not at all: raises what the books refuse."""
    return _post(_hold(return_ids, wait=True), last=max(return_ids, default=0), now=now)


def _halved(return_ids: Sequence[int], *, wait: bool, now: datetime) -> SettledSet:
    """Settle each half of a set that was refused by itself, down to the single return that is refused."""
    if len(return_ids) == 1:
        return _one(return_ids[0], wait=wait, now=now)
    middle = len(return_ids) // 2
    parts = []
    for half in (return_ids[:middle], return_ids[middle:]):
        try:
            with transaction.atomic():
                parts.append(_post(_hold(half, wait=wait), last=half[-1], now=now))
        except Refusal:
            parts.append(_halved(half, wait=wait, now=now))
    return SettledSet(
        sum(part.returns for part in parts),
        sum(part.members for part in parts),
        parts[0].refused + parts[1].refused,
        return_ids[-1],
    )


def _one(return_id: int, *, wait: bool, now: datetime) -> SettledSet:
    try:
        with transaction.atomic():
            return _post(_hold([return_id], wait=wait), last=return_id, now=now)
    except Refusal as refused:
        log.warning("return_not_settled", returned=return_id, refused=refused.code)
        return SettledSet(0, 0, (return_id,), return_id)


def _claim(lines: int, after: int) -> list[int]:
    """Lock paid and open returns of so many lines together, at least one; few more than those taken are locked."""
    claimed: list[int] = []
    left = lines
    with connection.chunked_cursor() as cursor:
        cursor.execute(_CLAIM, [after])
        while rows := cursor.fetchmany(CLAIMED_AT_ONCE):
            for return_id, members in rows:
                if claimed and (members > left or len(claimed) == SET_RETURNS):
                    return claimed
                claimed.append(return_id)
                left -= members
    return claimed


def _hold(return_ids: Sequence[int], *, wait: bool) -> list[int]:
    """Lock those of the returns that are paid and open, and the employers of those paid late, who owe a fine.

    Employers come before returns, as in a take-in; without `wait` what somebody else holds is left out.
    """
    late = queries.employers_of_late(return_ids)
    employers = Employer.objects.select_for_update(no_key=True, skip_locked=not wait)
    held = set(employers.filter(pk__in=set(late.values())).order_by("pk").values_list("pk", flat=True))
    returns = Return.objects.select_for_update(of=("self",), no_key=True, skip_locked=not wait).filter(
        pk__in=return_ids,
        corrects__isnull=True,
        state=Return.State.OPEN,
        payment_code__state=PaymentCode.State.PAID,
    )
    open_ones = returns.order_by("pk").values_list("pk", flat=True)
    return [pk for pk in open_ones if pk not in late or late[pk] in held]


def _post(return_ids: Sequence[int], *, last: int, now: datetime) -> SettledSet:
    """Post the returns that are held: a number of statements that does not grow with them."""
    if not return_ids:
        return SettledSet(0, 0, (), last)
    numbers = queries.member_numbers(return_ids)
    lock_members(numbers)
    paid = queries.paid_set(return_ids, members=len(numbers))
    posted = ledger.post_set([_draft(one) for one in paid], now=now)
    columns: list[Any] = [
        [one.return_id for one in paid],
        [entry.entry_id for entry in posted],
        [one.received_on for one in paid],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_SETTLED, columns)
    _ask_for_fines([one for one in paid if one.is_late], now)
    have_told({one.return_id: one.received_on for one in paid}, now=now)
    return SettledSet(len(paid), sum(one.members for one in paid), (), last)


def have_told(received: Mapping[int, date], *, now: datetime) -> None:
    """Have the members of these returns told, by one job for all; `received` is when the money of each came."""
    today = timezone.make_naive(now).date()
    new: list[JSONValue] = [key for key, day in received.items() if today - day <= NEWS_FOR]
    if new:
        app.configure_task(TELL_TASK, queue=TELL_QUEUE).defer(return_ids=new)


def _draft(paid: Paid) -> Draft:
    return bookkeeping.contribution(
        key=bookkeeping.return_key(paid.return_id),
        month=paid.month,
        day=paid.received_on,
        columns=paid.columns,
        premiums=bookkeeping.premiums(
            accident=paid.accident, death=paid.death, insured=paid.insured, terms=paid.terms
        ),
    )


def _ask_for_fines(late: Sequence[Paid], now: datetime) -> None:
    employers = Employer.objects.in_bulk({one.employer_id for one in late})
    for one in late:
        billing.bill_late_fine(
            employers[one.employer_id],
            month=one.month,
            owed=one.total,
            paid_on=one.received_on,
            late_code=one.payment_code,
            now=now,
        )


def lock_members(member_numbers: Collection[str]) -> None:
    """Lock the accounts of several postings to come; whoever holds them counts the members' pension months.

    A member without an account has none that could be locked, so his number in the registry is, before all
    accounts: two employers may pay for him for the first time at once.
    """
    before = transaction.savepoint()
    if ledger.lock(list(member_numbers)) == len(member_numbers):
        transaction.savepoint_commit(before)
        return
    transaction.savepoint_rollback(before)
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT_ACCOUNT, [list(member_numbers)])
    ledger.lock(list(member_numbers))
