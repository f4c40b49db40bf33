"""Who is to be told of what: rows of the books with the members who have an account, in sets."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q

from lumbung.accounts.models import User
from lumbung.casework.models import Case
from lumbung.contributions.gaps import queries as gaps
from lumbung.contributions.gaps.facts import State, Verdict, Why
from lumbung.law.month import Month
from lumbung.publications.models import Announcement
from lumbung.registry.models import MemberNumber

# A bank's file comes a day or two after its money, so a month is not called unpaid before that; and what was due
# longer ago is no news: an old fund's data are taken over without a word to anybody.
GRACE, NEWS_FOR = timedelta(days=3), timedelta(days=10)
ANNOUNCED_FOR = timedelta(days=7)
CLOCK_NEARS = timedelta(hours=12)
_NOT_PAID = {(State.MISSING, Why.NOTHING), (State.UNPAID, Why.NOTHING), (State.PARTLY, Why.AMOUNT)}

_READERS = """
    JOIN public.registry_membernumber AS n ON n.number = {number}
    JOIN public.accounts_user AS u
      ON u.person_id = n.person_id AND u.kind = 'member' AND u.is_active AND u.is_confirmed
"""
_LINES = f"""
    SELECT l.id FROM public.contributions_returnline AS l {_READERS.format(number="l.member_number_id")}
    WHERE l.returned_id = ANY(%s) ORDER BY l.id
"""  # noqa: S608
_LINE = f"""
    SELECT l.id, u.id, l.member_number_id, r.employer_id, e.name, r.month, r.corrects_id IS NOT NULL, l.wage,
           l.jht_employer + l.jht_member + l.jp_employer + l.jp_member + l.jkk + l.jkm
    FROM public.contributions_returnline AS l
    JOIN public.contributions_return AS r ON r.id = l.returned_id AND r.state = 'settled'
    JOIN public.registry_employer AS e ON e.id = r.employer_id
    {_READERS.format(number="l.member_number_id")}
    WHERE l.id = ANY(%s) ORDER BY l.id
"""  # noqa: S608
_BILLS = f"""
    SELECT b.id, u.id, b.month, b.jht + b.jkk + b.jkm + b.migrant FROM public.billing_bill AS b
    {_READERS.format(number="b.member_number_id")}
    WHERE b.id = ANY(%s) AND b.state = 'settled' AND b.month IS NOT NULL ORDER BY b.id
"""  # noqa: S608
_WORKED = f"""
    SELECT w.member_number FROM public.development_working AS w {_READERS.format(number="w.member_number")}
    WHERE w.year = %s AND w.run_id = %s AND w.skipped = '' AND w.entitled <> w.credited ORDER BY w.member_number
"""  # noqa: S608
_RESULTS = f"""
    SELECT u.id, w.member_number, w.entitled - w.credited
    FROM public.development_working AS w {_READERS.format(number="w.member_number")}
    WHERE w.year = %s AND w.run_id = %s AND w.member_number = ANY(%s) ORDER BY w.member_number
"""  # noqa: S608
_NOT_TOLD = """
    SELECT u.id FROM public.accounts_user AS u
    WHERE u.kind = 'member' AND u.is_active AND u.is_confirmed
      AND NOT EXISTS (SELECT FROM public.accounts_message AS m WHERE m.user_id = u.id AND m.cause = %s)
    ORDER BY u.id
"""


@dataclass(frozen=True, slots=True)
class Credited:
    """A settled line of a return and the user whom it is about; money in whole rupiah."""

    line_id: int
    user_id: int
    member_number: str
    employer_id: int
    employer: str
    month: date
    is_correction: bool
    wage: int = field(repr=False)
    amount: int = field(repr=False)


@dataclass(frozen=True, slots=True)
class OwnCredited:
    """A settled bill and the user who paid it for himself; money in whole rupiah."""

    bill_id: int
    user_id: int
    month: date
    amount: int = field(repr=False)


@dataclass(frozen=True, slots=True)
class Result:
    """What a run of the development result posted to one account, in whole rupiah; below zero if taken back."""

    user_id: int
    member_number: str
    amount: int = field(repr=False)


def line_ids(return_ids: Collection[int]) -> list[int]:
    """The lines of these returns that are about somebody with an account."""
    return [key for (key,) in _rows(_LINES, [list(return_ids)])]


def credited(lines: Sequence[int]) -> list[Credited]:
    """Those of the lines that are settled."""
    return [Credited(*row) for row in _rows(_LINE, [list(lines)])]


def lower(lines: Sequence[Credited], *, today: date) -> dict[int, int]:
    """Those of the lines whose wage is lower than before, by the rule of History, with the usual wage in rupiah.

    Two statements for each month among them.
    """
    found = {}
    for each in {line.month for line in lines}:
        month = Month.of(each)
        of = [line for line in lines if line.month == each]
        judged = gaps.verdicts(sorted({line.member_number for line in of}), first=month, last=month, today=today)
        low = {(one.member_number, one.payer): one for one in judged if one.state is State.UNDER_REPORTED}
        for line in of:
            verdict = low.get((line.member_number, line.employer_id))
            if verdict is not None and verdict.usual_wage is not None and verdict.wage == line.wage:
                found[line.line_id] = verdict.usual_wage
    return found


def own_credited(bill_ids: Collection[int]) -> list[OwnCredited]:
    """Those of the bills that are settled, of one month, and about somebody with an account."""
    return [OwnCredited(*row) for row in _rows(_BILLS, [list(bill_ids)])]


def worked(year: int, run_id: int) -> list[str]:
    """The member numbers of people with an account to which a run has posted something."""
    return [number for (number,) in _rows(_WORKED, [year, run_id])]


def results(year: int, run_id: int, numbers: Sequence[str]) -> list[Result]:
    """What the run posted to these member numbers."""
    return [Result(*row) for row in _rows(_RESULTS, [year, run_id, list(numbers)])]


def members(*, at_once: int) -> Iterator[dict[str, int]]:
    """All members with an account, so many at a time: the user of each of their member numbers."""
    after = 0
    with_account = User.objects.filter(kind=User.Kind.MEMBER, is_active=True, is_confirmed=True).order_by("pk")
    while found := dict(with_account.filter(pk__gt=after).values_list("person_id", "pk")[:at_once]):
        numbers = MemberNumber.objects.filter(person__in=found.keys()).values_list("number", "person_id")
        yield {number: found[person] for number, person in numbers}
        after = max(found.values())


def unpaid(numbers: Collection[str], *, day: date) -> list[Verdict]:
    """The months not paid on a day whose last day to pay was some days before; by the rule of History."""
    last = Month.of(day)
    judged = gaps.verdicts(sorted(numbers), first=last - 3, last=last, today=day)
    return [
        one
        for one in judged
        if (one.state, one.why) in _NOT_PAID and one.due is not None and GRACE <= day - one.due <= NEWS_FOR
    ]


def announced(today: date) -> list[int]:
    """The announcements that everybody sees since a few days."""
    shown = Announcement.objects.filter(
        Q(published_until__isnull=True) | Q(published_until__gte=today),
        published_from__range=(today - ANNOUNCED_FOR, today),
        withdrawn_at__isnull=True,
    )
    return list(shown.order_by("pk").values_list("pk", flat=True))


def announcement(key: int, today: date) -> Announcement | None:
    """The announcement, if it is one of these."""
    return Announcement.objects.filter(pk=key).first() if key in announced(today) else None


def not_told(cause: str) -> list[int]:
    """The users of all members with an account who were not told of the cause."""
    return [key for (key,) in _rows(_NOT_TOLD, [cause])]


def nearly_due(now: datetime) -> list[tuple[Case, int]]:
    """The open requests whose clock is nearly over, each with the user of its person."""
    open_ones = Case.objects.filter(state=Case.State.OPEN, due_at__range=(now, now + CLOCK_NEARS))
    users = dict(
        User.objects.filter(kind=User.Kind.MEMBER, person__in=open_ones.values("person")).values_list(
            "person_id", "pk"
        )
    )
    return [(case, users[case.person_id]) for case in open_ones.order_by("pk") if case.person_id in users]


def _rows(statement: str, arguments: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
