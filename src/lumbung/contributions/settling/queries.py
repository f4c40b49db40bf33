"""Which returns are paid and wait, and what a set of them holds, as columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F, Sum

from lumbung.contributions.bookkeeping import Columns, Insured
from lumbung.contributions.judging import Terms
from lumbung.contributions.models import Return
from lumbung.law.month import Month
from lumbung.payments.models import PaymentCode

# Is the pension month of a line counted by a settled line of another return? Asked for each line by itself and
# never joined, so that the plan stays a look into one index however many lines there are: a member's lines in a
# span of returns. The span is that of the month's settled returns.
COUNTED = """(
    SELECT 1 FROM public.contributions_returnline AS other
    JOIN public.contributions_return AS o ON o.id = other.returned_id
    WHERE other.member_number_id = {number} AND other.returned_id BETWEEN {first} AND {last}
      AND o.month = {month} AND o.state = 'settled' AND other.jp_employer + other.jp_member > 0
      AND other.returned_id <> {but}
      AND NOT EXISTS (
          SELECT FROM public.contributions_takenback AS t
          JOIN public.contributions_return AS c ON c.id = t.by_id AND c.state = 'settled'
          WHERE t.line_id = other.id
      )
    LIMIT 1
) IS NOT NULL"""
_COUNTED_BEFORE = COUNTED.format(
    number="l.member_number_id", first="s.first", last="s.last", month="s.month", but="l.returned_id"
)
SPANS = """
    SELECT m.month,
           (SELECT min(o.id) FROM public.contributions_return AS o WHERE o.month = m.month AND o.state = 'settled')
           AS first,
           (SELECT max(o.id) FROM public.contributions_return AS o WHERE o.month = m.month AND o.state = 'settled')
           AS last
    FROM (SELECT DISTINCT month FROM unnest(%s::date[]) AS m (month)) AS m
"""
_SET = f"""
    WITH span AS MATERIALIZED ({SPANS}),
    line AS (
        SELECT l.*, l.jp_employer + l.jp_member AS jp, l.jht_employer + l.jht_member AS jht,
               l.jp_employer + l.jp_member > 0 AND {{first_in_set}}
               AND NOT (s.first IS NOT NULL AND {_COUNTED_BEFORE}) AS counts
        FROM public.contributions_return AS r
        JOIN span AS s ON s.month = r.month
        JOIN public.contributions_returnline AS l ON l.returned_id = r.id
        WHERE r.id = ANY(%s)
    )
    SELECT returned_id,
           coalesce(array_agg(member_number_id) FILTER (WHERE jht + jp > 0), ARRAY[]::text[]),
           coalesce(array_agg(jht) FILTER (WHERE jht + jp > 0), ARRAY[]::bigint[]),
           coalesce(array_agg(jp) FILTER (WHERE jht + jp > 0), ARRAY[]::bigint[]),
           coalesce(array_agg(counts::integer) FILTER (WHERE jht + jp > 0), ARRAY[]::integer[]),
           sum(jkk)::bigint, sum(jkm)::bigint,
           coalesce(sum(wage + back_pay) FILTER (WHERE job_loss), 0)::bigint,
           coalesce(sum(jkk) FILTER (WHERE job_loss), 0)::bigint,
           coalesce(sum(jkm) FILTER (WHERE job_loss), 0)::bigint
    FROM (SELECT * FROM line ORDER BY returned_id, member_number_id) AS line
    GROUP BY returned_id ORDER BY returned_id
"""  # noqa: S608
_FIRST_IN_SET = """
    row_number() OVER (
        PARTITION BY l.member_number_id, r.month, l.jp_employer + l.jp_member > 0 ORDER BY l.returned_id
    ) = 1
"""
# Where each member stands in one return only, there is nothing to sort by member.
_SET_APART = _SET.format(first_in_set="true")
_SET_SHARED = _SET.format(first_in_set=_FIRST_IN_SET)


@dataclass(frozen=True, slots=True)
class Paid:
    """A paid return of a set, and its lines as columns and sums; money in whole rupiah."""

    return_id: int
    employer_id: int
    payment_code: str
    members: int
    month: Month
    terms: Terms | None
    total: int
    received_on: date
    is_late: bool
    columns: Columns
    accident: int
    death: int
    insured: Insured


def lines_waiting() -> int:
    """How many lines the returns have that are paid and not settled."""
    waiting = Return.objects.filter(state=Return.State.OPEN, payment_code__state=PaymentCode.State.PAID)
    lines: int = waiting.aggregate(lines=Sum("members", default=0))["lines"]
    return lines


def paid_corrections() -> list[int]:
    """The corrections whose difference is paid and which are not settled."""
    waiting = Return.objects.filter(
        corrects__isnull=False, state=Return.State.OPEN, payment_code__state=PaymentCode.State.PAID
    )
    return list(waiting.order_by("pk").values_list("pk", flat=True))


def employers_of_late(return_ids: Sequence[int]) -> dict[int, int]:
    """Those of the returns whose money came after the due date, each with its employer."""
    late = Return.objects.filter(
        pk__in=list(return_ids), payment_code__receipt__received_on__gt=F("payment_code__due")
    )
    return dict(late.values_list("pk", "employer_id"))


def paid_set(return_ids: Sequence[int], *, members: int) -> list[Paid]:
    """What a set of paid returns with so many members holds, in the order of ids: two statements for any number.

    A pension month counts once for a member, whichever of his employers paid it: not when a settled line counts
    it, and in this set for the first return only. So the caller holds the members' accounts.
    """
    facts = _facts(return_ids)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")  # compiling the plan would take longer than running it
        is_apart = members == sum(row["members"] for row in facts.values())
        statement = _SET_APART if is_apart else _SET_SHARED
        cursor.execute(statement, [[row["month"] for row in facts.values()], list(return_ids)])
        return [_paid(facts[row[0]], row) for row in cursor.fetchall()]


def _facts(return_ids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    rows = Return.objects.filter(pk__in=list(return_ids)).values(
        "pk", "employer_id", "payment_code_id", "members", "month", "terms", "total", "payment_code__due",
        "payment_code__receipt__received_on",
    )  # fmt: skip
    return {row["pk"]: row for row in rows}


def _paid(fact: Mapping[str, Any], row: Sequence[Any]) -> Paid:
    month, received_on = Month.of(fact["month"]), fact["payment_code__receipt__received_on"]
    return Paid(
        return_id=fact["pk"],
        employer_id=fact["employer_id"],
        payment_code=fact["payment_code_id"],
        members=fact["members"],
        month=month,
        terms=Terms.of(month, fact["terms"]) if fact["terms"] else None,
        total=fact["total"],
        received_on=received_on,
        is_late=received_on > fact["payment_code__due"],
        columns=Columns(*row[1:5]),
        accident=row[5],
        death=row[6],
        insured=Insured(*row[7:10]),
    )


def member_numbers(return_ids: Sequence[int]) -> list[str]:
    """The member numbers in a set of returns, each once, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT array_agg(DISTINCT member_number_id) FROM contributions_returnline WHERE returned_id = ANY(%s)
            """,
            [list(return_ids)],
        )
        return cursor.fetchone()[0] or []
