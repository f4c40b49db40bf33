"""What was reported and paid, for whom."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import connection
from django.db.models import Max, Sum

from lumbung.contributions.bookkeeping import Premiums, Share
from lumbung.contributions.calendar import last_due_month
from lumbung.contributions.judging import Worker
from lumbung.contributions.models import Return, ReturnLine
from lumbung.law.contributions import programmes_of
from lumbung.law.month import Month
from lumbung.payments.models import PaymentCode
from lumbung.registry import queries as registry
from lumbung.registry.models import Employer


def workers(employer: Employer, month: Month, *, with_birth_dates: bool) -> list[Worker]:
    """The employer's workers in the month as registered. Birth dates are opened only when asked for."""
    fields = ["member_number_id", "member_number__person_id", "member_number__person__name"]
    fields += ["member_number__person__nik_index"]
    if with_birth_dates:
        fields += ["member_number__person__birth_date"]
    rows = registry.employed_between(employer, month.first_day, month.last_day).values_list(*fields)
    return [
        Worker(
            member_number=number,
            person_id=person,
            name=name,
            nik_index=None if index is None else bytes(index),
            birth_date=born[0] if born else None,
        )
        for number, person, name, index, *born in rows
    ]


def settled_members(employer: Employer, month: Month) -> set[str]:
    """The member numbers whose contributions for the month this employer has paid."""
    return set(
        ReturnLine.objects.filter(
            returned__employer=employer, returned__month=month.first_day, returned__state=Return.State.SETTLED
        ).values_list("member_number_id", flat=True)
    )


def members_of(returned: Return) -> list[str]:
    """The member numbers of a return, sorted."""
    return list(returned.lines.order_by("member_number_id").values_list("member_number_id", flat=True))


def pension_month_counted(numbers: Sequence[str], month: Month) -> set[str]:
    """Those of the numbers for which a pension contribution of the month is settled, by any employer."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT line.member_number_id
            FROM contributions_returnline AS line
            JOIN contributions_return AS returned ON returned.id = line.returned_id
            WHERE line.member_number_id = ANY(%s) AND returned.month = %s AND returned.state = 'settled'
              AND line.jp_employer + line.jp_member > 0
            """,
            [list(numbers), month.first_day],
        )
        return {number for (number,) in cursor.fetchall()}


def paid_and_open() -> list[str]:
    """The payment codes whose money has come and whose return is not settled."""
    waiting = Return.objects.filter(state=Return.State.OPEN, payment_code__state=PaymentCode.State.PAID)
    return list(waiting.order_by("pk").values_list("payment_code_id", flat=True))


def shares(returned: Return, pension_month_counted: Collection[str]) -> list[Share]:
    """What each member of a return gets, sorted by member number."""
    rows = returned.lines.order_by("member_number_id").values_list(
        "member_number_id", "jht_employer", "jht_member", "jp_employer", "jp_member"
    )
    return [
        Share(
            member_number=number,
            old_age=jht_employer + jht_member,
            pension=jp_employer + jp_member,
            pension_months=int(jp_employer + jp_member > 0 and number not in pension_month_counted),
        )
        for number, jht_employer, jht_member, jp_employer, jp_member in rows
    ]


def premiums(returned: Return) -> Premiums:
    """What a return brings to the work accident and death programmes."""
    sums = returned.lines.aggregate(accident=Sum("jkk"), death=Sum("jkm"))
    return Premiums(accident=sums["accident"], death=sums["death"])


@dataclass(frozen=True, slots=True)
class Paid:
    """A member's contributions of one month from one employer, as paid; money in whole rupiah."""

    member_number: str
    month: Month
    employer_name: str
    wage: int
    back_pay: int
    jht_employer: int
    jht_member: int
    jp_employer: int
    jp_member: int
    jkk: int
    jkm: int
    paid_on: date


def history(member_numbers: Sequence[str], *, offset: int = 0, limit: int = 12) -> list[Paid]:
    """What was paid for these member numbers, the newest month first."""
    rows = (
        ReturnLine.objects.filter(member_number__in=member_numbers, returned__state=Return.State.SETTLED)
        .select_related("returned__employer")
        .order_by("-returned__month", "-returned__paid_on", "-pk")[offset : offset + limit]
    )
    return [_paid(row) for row in rows]


def _paid(row: ReturnLine) -> Paid:
    assert row.returned.paid_on is not None  # the database holds it for every settled return
    return Paid(
        member_number=row.member_number_id,
        month=Month.of(row.returned.month),
        employer_name=row.returned.employer.name,
        wage=row.wage,
        back_pay=row.back_pay,
        jht_employer=row.jht_employer,
        jht_member=row.jht_member,
        jp_employer=row.jp_employer,
        jp_member=row.jp_member,
        jkk=row.jkk,
        jkm=row.jkm,
        paid_on=row.returned.paid_on,
    )


def history_length(member_numbers: Sequence[str]) -> int:
    """How many rows `history` has in all."""
    return ReturnLine.objects.filter(
        member_number__in=member_numbers, returned__state=Return.State.SETTLED
    ).count()


@dataclass(frozen=True, slots=True)
class Status:
    """Whether a person is covered today, by whom and for what.

    `reason` is "active", "no_employment" (nobody employs the person today) or "not_paid" (none of the last due
    months was paid). `programmes` are those of the present employer.
    """

    active: bool
    reason: str
    employer_name: str | None
    programmes: tuple[str, ...]
    last_month_paid: Month | None


PROGRAMME_ORDER = ("JHT", "JP", "JKK", "JKM", "JKP")


def status(person_id: int, *, today: date) -> Status:
    """Active means: an employment covers today, and one of the last due months was paid (rules/files.md)."""
    employment = registry.employments_on(person_id, today).first()
    last = ReturnLine.objects.filter(
        member_number__person_id=person_id, returned__state=Return.State.SETTLED
    ).aggregate(month=Max("returned__month"))["month"]
    last_month = None if last is None else Month.of(last)
    first_that_counts = last_due_month(today) - (settings.LUMBUNG_ACTIVE_MONTHS - 1)
    reason = "active"
    if employment is None:
        reason = "no_employment"
    elif last_month is None or last_month < first_that_counts:
        reason = "not_paid"
    programmes = programmes_of(employment.employer.size) if employment else frozenset()
    return Status(
        active=reason == "active",
        reason=reason,
        employer_name=employment.employer.name if employment else None,
        programmes=tuple(code for code in PROGRAMME_ORDER if code in programmes),
        last_month_paid=last_month,
    )
