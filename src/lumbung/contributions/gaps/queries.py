"""What a member's months lack: two statements for any number of member numbers, employers and years."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from lumbung import prepared
from lumbung.contributions.gaps import facts
from lumbung.contributions.gaps.facts import Cover, Line, Verdict
from lumbung.contributions.gaps.rule import LOOK_BACK, first_month, judge
from lumbung.law.contributions import programmes_of
from lumbung.law.month import Month

# How many months `attention` looks at: what is older is shown by the history.
ATTENTION_MONTHS = 24

# The covers of these numbers, and the first and the last thing that was reported, paid or billed for them: both by
# one look into an index each. Reports come in the order of their months, or nearly.
_COVERS = """
    SELECT 'PU', w.member_number_id, e.id, e.name, w.started, w.ended, e.size,
           jsonb_build_object('risk_class', e.risk_class, 'labour_intensive', e.labour_intensive,
                              'relief_covid', e.relief_covid)
    FROM registry_employment AS w JOIN registry_employer AS e ON e.id = w.employer_id
    WHERE w.member_number_id = ANY(%(numbers)s)
    UNION ALL
    SELECT 'BPU', member_number_id, 0, '', starts, ends, CASE WHEN old_age THEN 'JHT' ELSE '' END,
           jsonb_build_object('income', income, 'sector', sector, 'paid_by_state', paid_by_state,
                              'relief_covid', relief_covid)
    FROM registry_selfemployment WHERE member_number_id = ANY(%(numbers)s)
    UNION ALL
    SELECT 'PMI', member_number_id, id, '', departs_on, ends, '', NULL
    FROM registry_migrantcontract WHERE member_number_id = ANY(%(numbers)s)
    UNION ALL
    SELECT 'HELD', n.number, 0, '', r.month, r.month, '', NULL
    FROM unnest(%(numbers)s::text[]) AS n (number)
    CROSS JOIN LATERAL (
        (SELECT returned_id FROM contributions_returnline
         WHERE member_number_id = n.number ORDER BY returned_id LIMIT 1)
        UNION ALL
        (SELECT returned_id FROM contributions_returnline
         WHERE member_number_id = n.number ORDER BY returned_id DESC LIMIT 1)
    ) AS l
    JOIN contributions_return AS r ON r.id = l.returned_id
    UNION ALL
    SELECT 'HELD', n.number, 0, '', b.month, b.month, '', NULL
    FROM unnest(%(numbers)s::text[]) AS n (number)
    CROSS JOIN LATERAL (
        SELECT max(month) AS month FROM billing_bill
        WHERE member_number_id = n.number AND kind = 'self_employed' AND state IN ('open', 'settled')
    ) AS b
    WHERE b.month IS NOT NULL
"""
# A member's lines in a span of returns, so that the months asked for cost the same however many there are: the
# span of the months' settled and open returns.
_LINES = """
    WITH span AS MATERIALIZED (
        SELECT min(of.first) AS first, max(of.last) AS last
        FROM generate_series(%(first)s::date, %(last)s::date, interval '1 month') AS m (day)
        CROSS JOIN LATERAL (
            SELECT (SELECT min(id) FROM contributions_return WHERE month = m.day::date AND state = 'settled'),
                   (SELECT max(id) FROM contributions_return WHERE month = m.day::date AND state = 'settled')
            UNION ALL
            SELECT (SELECT min(id) FROM contributions_return WHERE month = m.day::date AND state = 'open'),
                   (SELECT max(id) FROM contributions_return WHERE month = m.day::date AND state = 'open')
        ) AS of (first, last)
    )
    SELECT 'PU', l.id, l.member_number_id, r.employer_id, e.name, r.month, r.received_at,
           coalesce(r.paid_on, p.received_on), l.wage, l.back_pay,
           ARRAY[l.jht_employer, l.jht_member, l.jp_employer, l.jp_member, l.jkk, l.jkm],
           CASE WHEN r.corrects_id IS NOT NULL THEN k.due END,
           r.state = 'open' AND p.id IS NULL AND EXISTS (
               SELECT FROM payments_receipt AS h
               WHERE h.code_as_written = r.payment_code_id AND h.held <> ''
                 AND h.held IN ('too_little', 'too_much')
           ),
           wrong.month, r.reason, r.id, c.id, c.received_at, c.reason,
           CASE WHEN c.id IS NOT NULL AND EXISTS (
               SELECT FROM contributions_returnline AS x
               WHERE x.returned_id = c.id AND x.line = l.line AND x.member_number_id = ANY(%(numbers)s)
           ) THEN c.month END
    FROM span AS s
    JOIN contributions_returnline AS l
      ON l.member_number_id = ANY(%(numbers)s) AND l.returned_id BETWEEN s.first AND s.last
    JOIN contributions_return AS r
      ON r.id = l.returned_id AND r.month BETWEEN %(first)s AND %(last)s AND r.state IN ('open', 'settled')
    JOIN registry_employer AS e ON e.id = r.employer_id
    LEFT JOIN payments_paymentcode AS k ON k.code = r.payment_code_id
    LEFT JOIN payments_receipt AS p ON p.payment_code_id = r.payment_code_id
    LEFT JOIN contributions_return AS wrong ON wrong.id = r.corrects_id
    LEFT JOIN contributions_takenback AS t ON t.line_id = l.id
    LEFT JOIN contributions_return AS c ON c.id = t.by_id AND c.state = 'settled'
    UNION ALL
    SELECT b.segment, b.id, b.member_number_id, coalesce(b.contract_id, 0), '', b.of, b.issued_at,
           coalesce(b.paid_on, p.received_on), NULL, 0, ARRAY[b.jht, b.jkk, b.jkm, b.migrant], NULL,
           b.state = 'open' AND p.id IS NULL AND EXISTS (
               SELECT FROM payments_receipt AS h
               WHERE h.code_as_written = b.payment_code_id AND h.held <> ''
                 AND h.held IN ('too_little', 'too_much')
           ),
           NULL, '', NULL, NULL, NULL, NULL, NULL
    FROM (
        SELECT 'BPU' AS segment, month AS of, * FROM billing_bill
        WHERE member_number_id = ANY(%(numbers)s) AND kind = 'self_employed' AND state IN ('open', 'settled')
          AND month BETWEEN %(first)s AND %(last)s
        UNION ALL
        SELECT CASE WHEN bill.month IS NULL THEN 'PMI' ELSE 'PMI_SAVINGS' END,
               coalesce(bill.month, date_trunc('month', stay.departs_on)::date), bill.*
        FROM registry_migrantcontract AS stay
        JOIN billing_bill AS bill ON bill.contract_id = stay.id AND bill.state IN ('open', 'settled')
        WHERE stay.member_number_id = ANY(%(numbers)s)
    ) AS b
    LEFT JOIN payments_receipt AS p ON p.payment_code_id = b.payment_code_id
    WHERE b.of BETWEEN %(first)s AND %(last)s
"""
_OF_RETURN = ("jht_employer", "jht_member", "jp_employer", "jp_member", "jkk", "jkm")
_OF_BILL = ("jht", "jkk", "jkm", "migrant")


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A line that a correction took back: it counts no more.

    `right_month` is that of the line that stands for it, None when it was not this member's.
    """

    line: Line
    on: date
    right_month: Month | None
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Known:
    """What covers these numbers, and the years in which anything is known of them, the newest first."""

    covers: tuple[Cover, ...]
    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """The months of a year, or of all years (None), with what was taken back in them; the newest first."""

    year: int | None
    years: tuple[int, ...]
    verdicts: tuple[Verdict, ...]
    taken_back: tuple[TakenBack, ...]


@dataclass(frozen=True, slots=True)
class Attention:
    """What needs somebody's attention in the last two years: how many months, and the newest of them."""

    count: int
    newest: tuple[Verdict, ...]
    since: Month


def books_since() -> Month:
    """The first month that these books hold."""
    return max(Month.parse(settings.LUMBUNG_BOOKS_SINCE), first_month())


def record(numbers: Sequence[str], *, year: int | None, today: date, everything: bool = False) -> Record:
    """The months of a year of these member numbers; the newest year when it is None or nothing is known of it.

    Two statements, whatever the number of years; `everything` reads them all.
    """
    known = _known(numbers, today)
    if not known.years:
        return Record(year=None, years=(), verdicts=(), taken_back=())
    shown = year if year in known.years else known.years[0]
    first, last = (known.years[-1], known.years[0]) if everything else (shown, shown)
    judged, taken_back = _judged(numbers, known, Month(first, 1), Month(last, 12), today)
    return Record(None if everything else shown, known.years, tuple(judged), tuple(taken_back))


def verdicts(numbers: Sequence[str], *, first: Month, last: Month, today: date) -> list[Verdict]:
    """What the rule says of the months between the two, the newest first. Two statements."""
    return _judged(numbers, _known(numbers, today), first, last, today)[0]


def attention(
    numbers: Sequence[str], *, today: date, most: int = 3, covers: Sequence[Cover] | None = None
) -> Attention:
    """What needs attention, the newest first. Two statements, one for who knows all `covers` of the numbers."""
    now = Month.of(today)
    since = max(now - (ATTENTION_MONTHS - 1), books_since())
    known = _known(numbers, today) if covers is None else Known(tuple(covers), ())
    judged, _ = _judged(numbers, known, since, now, today)
    found = [one for one in judged if one.is_problem]
    return Attention(len(found), tuple(found[:most]), since)


def _known(numbers: Sequence[str], today: date) -> Known:
    rows = prepared.rows(_COVERS, {"numbers": list(numbers)})
    covers = tuple(_cover(*row) for row in rows if row[0] != "HELD")
    begins = [max(row[4], books_since().first_day) if row[0] != "HELD" else row[4] for row in rows]
    ends = [min(row[5] or today, today) if row[0] != "HELD" else row[5] for row in rows]
    known = [(begin.year, end.year) for begin, end in zip(begins, ends, strict=True) if begin <= end]
    if not known:
        return Known(covers, ())
    first, last = min(begin for begin, _ in known), max(end for _, end in known)
    return Known(covers, tuple(range(last, first - 1, -1)))


def _cover(
    segment: str, number: str, payer: int, name: str, starts: date, ends: date | None, what: str, terms: str | None
) -> Cover:
    programmes = programmes_of(what) if segment == facts.PU else frozenset({"JKK", "JKM", *what.split()})
    return Cover(number, segment, payer, name, starts, ends, programmes, json.loads(terms) if terms else {})


def _judged(
    numbers: Sequence[str], known: Known, first: Month, last: Month, today: date
) -> tuple[list[Verdict], list[TakenBack]]:
    first = max(first, books_since())
    months = {"first": (first - LOOK_BACK).first_day, "last": last.first_day}
    rows = prepared.rows(_LINES, {"numbers": list(numbers), **months})
    in_force = [_line(row) for row in rows if row[16] is None]
    taken_back = [_taken_back(row) for row in rows if row[16] is not None and Month.of(row[5]) >= first]
    taken_back.sort(key=lambda one: (one.line.month, one.on, one.line.reference), reverse=True)
    return judge(known.covers, in_force, today=today, first=first, last=last), taken_back


def _line(row: Sequence[Any]) -> Line:
    segment, reference, number, payer, name, month, received_at, paid_on, wage, back_pay, amounts = row[:11]
    due, is_short, corrects_month, reason, return_id = row[11:16]
    return Line(
        member_number=number,
        segment=segment,
        payer=payer,
        payer_name=name,
        month=Month.of(month),
        received_on=_day(received_at),
        paid_on=paid_on,
        wage=wage,
        back_pay=back_pay,
        shares=tuple(zip(_OF_RETURN if segment == facts.PU else _OF_BILL, amounts, strict=True)),
        due=due,
        corrects_month=Month.of(corrects_month) if corrects_month else None,
        reason=reason,
        is_short=is_short,
        reference=reference,
        return_id=return_id,
    )


def _taken_back(row: Sequence[Any]) -> TakenBack:
    _, on, reason, right_month = row[16:20]
    return TakenBack(_line(row), _day(on), Month.of(right_month) if right_month else None, reason)


def _day(instant: datetime) -> date:
    return timezone.make_naive(instant).date()


def employers(judged: Iterable[Verdict]) -> list[tuple[int, str]]:
    """The employers among the verdicts, by name."""
    found = {one.payer: one.payer_name for one in judged if one.segment == facts.PU}
    return sorted(found.items(), key=lambda one: (one[1], one[0]))
