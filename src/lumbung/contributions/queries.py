"""What was reported and paid, for whom."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone

from lumbung.billing import queries as billing
from lumbung.billing.calendar import last_self_employed_month
from lumbung.contributions.calendar import last_due_month
from lumbung.contributions.judging import Terms, Worker
from lumbung.contributions.models import Return, ReturnLine
from lumbung.law.contributions import programmes_of
from lumbung.law.month import Month
from lumbung.registry import queries as registry
from lumbung.registry.models import Employer

# What the employer owes for a line.
TOTAL = F("jht_employer") + F("jht_member") + F("jp_employer") + F("jp_member") + F("jkk") + F("jkm")


def workers(employer: Employer, month: Month, *, with_birth_dates: bool) -> list[Worker]:
    """The employer's workers in the month as registered. Birth dates are opened only when asked for."""
    fields = ["member_number_id", "member_number__person_id", "member_number__person__name"]
    fields += ["member_number__person__nik_index", "job_loss_insured"]
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
            job_loss=job_loss,
        )
        for number, person, name, index, job_loss, *born in rows
    ]


def terms_of(employer: Employer, month: Month) -> Terms:
    """What the law needs to know of the employer, as it is registered now."""
    return Terms(
        month=month,
        risk_class=employer.risk_class,
        size=employer.size,
        programmes=programmes_of(employer.size),
        labour_intensive=employer.labour_intensive,
        relief_covid=employer.relief_covid,
    )


def in_force() -> QuerySet[ReturnLine]:
    """The settled lines that no settled correction has taken back."""
    return ReturnLine.objects.filter(returned__state=Return.State.SETTLED).exclude(
        taken_back__by__state=Return.State.SETTLED
    )


def is_taken_back(returned: Return) -> bool:
    """Whether corrections have taken back all that a settled return said."""
    return returned.state == Return.State.SETTLED and not in_force().filter(returned=returned).exists()


def settled_members(employer: Employer, month: Month) -> set[str]:
    """The member numbers whose contributions for the month this employer has paid, as corrected."""
    paid = in_force().filter(returned__employer=employer, returned__month=month.first_day)
    return set(paid.values_list("member_number_id", flat=True))


def spoken_for(employer: Employer, month: Month, *, but: Collection[int] = ()) -> set[str]:
    """The member numbers that no further file of this employer may hold for the month.

    They are paid, or a correction that waits for its payment will bring them into the month: any `but` these.
    """
    coming = ReturnLine.objects.filter(
        returned__employer=employer,
        returned__month=month.first_day,
        returned__state=Return.State.OPEN,
        returned__corrects__isnull=False,
    ).exclude(returned__in=but)
    return settled_members(employer, month) | set(coming.values_list("member_number_id", flat=True))


@dataclass(frozen=True, slots=True)
class Paid:
    """A member's contributions of one month from one employer, as paid; money in whole rupiah.

    What was wrong stays in the history beside what is right. `taken_back_on` is the day on which a correction took
    this row back (it counts no more), and `right_month` the month of the row that stands for it: None when the
    contributions were not this member's. `corrects_month` is the month of the wrong row that this row puts right.
    `return_id`, `taken_back_by` and `corrects` name the returns, `line_id` the line; `reason` is that of the
    correction.
    """

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
    return_id: int
    corrects: int | None = None
    corrects_month: Month | None = None
    taken_back_by: int | None = None
    taken_back_on: date | None = None
    right_month: Month | None = None
    reason: str = ""
    line_id: int = 0

    @property
    def old_age(self) -> int:
        """Both JHT parts."""
        return self.jht_employer + self.jht_member

    @property
    def pension(self) -> int:
        """Both JP parts."""
        return self.jp_employer + self.jp_member


def history(member_numbers: Sequence[str], *, after: "Place | None" = None, limit: int = 12) -> list[Paid]:
    """What was paid for these member numbers, the newest month first, with what was wrong and taken back.

    With `after` from that place of the list on, whatever has come in before it since.
    """
    rows = _settled_lines(member_numbers).select_related(
        "returned__employer", "returned__corrects", "taken_back__by"
    )
    if after is not None:
        rows = rows.filter(
            Q(returned__month__lt=after.month)
            | Q(returned__month=after.month, returned__paid_on__lt=after.paid_on)
            | Q(returned__month=after.month, returned__paid_on=after.paid_on, pk__lt=after.line_id)
        )
    page = list(rows.order_by("-returned__month", "-returned__paid_on", "-pk")[:limit])
    right_lines = _right_lines(page, member_numbers)
    return [_paid(row, right_lines) for row in page]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands in `history`."""

    month: date
    paid_on: date
    line_id: int


def place(member_numbers: Sequence[str], line_id: int) -> Place | None:
    """Where a line of these members stands; None for every other line."""
    columns = ("returned__month", "returned__paid_on", "pk")
    found = _settled_lines(member_numbers).filter(pk=line_id).values_list(*columns).first()
    return None if found is None else Place(*found)


def _settled_lines(member_numbers: Sequence[str]) -> QuerySet[ReturnLine]:
    return ReturnLine.objects.filter(member_number__in=member_numbers, returned__state=Return.State.SETTLED)


def _settled_correction(row: ReturnLine) -> Return | None:
    """The correction that took the line back; one that waits for its payment has not done so yet."""
    taken_back = getattr(row, "taken_back", None)
    return taken_back.by if taken_back and taken_back.by.state == Return.State.SETTLED else None


def _right_lines(page: Collection[ReturnLine], member_numbers: Sequence[str]) -> set[tuple[int, int]]:
    """Which lines of a page have their right one with one of the same members: (correction, line)."""
    by = {correction.pk for row in page if (correction := _settled_correction(row))}
    if not by:
        return set()
    right = ReturnLine.objects.filter(returned__in=by, member_number__in=member_numbers)
    return set(right.values_list("returned_id", "line"))


def _paid(row: ReturnLine, right_lines: Collection[tuple[int, int]]) -> Paid:
    assert row.returned.paid_on is not None  # the database holds it for every settled return
    corrects, by = row.returned.corrects, _settled_correction(row)
    is_theirs = by is not None and (by.pk, row.line) in right_lines
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
        return_id=row.returned_id,
        corrects=corrects.pk if corrects else None,
        corrects_month=Month.of(corrects.month) if corrects else None,
        taken_back_by=by.pk if by else None,
        taken_back_on=timezone.make_naive(by.received_at).date() if by else None,
        right_month=Month.of(by.month) if by and is_theirs else None,
        reason=by.reason if by else row.returned.reason,
        line_id=row.pk,
    )


def employer_names(return_ids: Collection[int]) -> dict[int, str]:
    """Who sent these returns."""
    return dict(Return.objects.filter(pk__in=return_ids).values_list("pk", "employer__name"))


def history_length(member_numbers: Sequence[str]) -> int:
    """How many rows `history` has in all, those taken back among them."""
    return _settled_lines(member_numbers).count()


@dataclass(frozen=True, slots=True)
class Status:
    """Whether a person is covered today, by whom and for what.

    `reason` is "active", "no_employment" (nobody employs the person today, and he has not insured himself) or
    "not_paid" (none of the last due months was paid). `programmes` are those of the present employer and of his
    own insurance (`self_insured`: as self-employed or migrant worker).
    """

    active: bool
    reason: str
    employer_name: str | None
    programmes: tuple[str, ...]
    last_month_paid: Month | None
    self_insured: bool = False


PROGRAMME_ORDER = ("JHT", "JP", "JKK", "JKM", "JKP")


def status(person_id: int, *, today: date) -> Status:
    """Active: an employment or an enrolment of his own covers today, and one of its last due months was paid.

    (rules/files.md.) What an employer paid keeps an employment active, what the person paid himself his enrolment.
    """
    employment = registry.employments_on(person_id, today).first()
    enrolment = billing.enrolment_on(person_id, today)
    return judged_status(
        Cover(employment.employer.name, employment.employer.size) if employment else None,
        enrolment.programmes if enrolment else None,
        paid_by_employers=_last_month_paid(person_id),
        paid_by_himself=billing.last_month_paid(person_id),
        today=today,
    )


@dataclass(frozen=True, slots=True)
class Cover:
    """The employer of today: its name, and its size, on which the programmes depend."""

    employer_name: str
    employer_size: str


def judged_status(
    employer: Cover | None,
    own_programmes: frozenset[str] | None,
    *,
    paid_by_employers: Month | None,
    paid_by_himself: Month | None,
    today: date,
) -> Status:
    """The status that follows from the covers of today and the newest month paid of each kind."""
    covers = [
        (employer is not None, paid_by_employers, last_due_month(today)),
        (own_programmes is not None, paid_by_himself, last_self_employed_month(today)),
    ]
    back = settings.LUMBUNG_ACTIVE_MONTHS - 1
    reason = "not_paid" if any(is_there for is_there, _, _ in covers) else "no_employment"
    if any(is_there and paid and paid >= due - back for is_there, paid, due in covers):
        reason = "active"
    programmes = programmes_of(employer.employer_size) if employer else frozenset()
    programmes |= own_programmes or frozenset()
    return Status(
        active=reason == "active",
        reason=reason,
        employer_name=employer.employer_name if employer else None,
        programmes=tuple(code for code in PROGRAMME_ORDER if code in programmes),
        last_month_paid=max((paid for _, paid, _ in covers if paid is not None), default=None),
        self_insured=own_programmes is not None,
    )


def _last_month_paid(person_id: int) -> Month | None:
    paid = in_force().filter(member_number__person_id=person_id).annotate(total=TOTAL).filter(total__gt=0)
    month = paid.aggregate(month=Max("returned__month"))["month"]
    return None if month is None else Month.of(month)
