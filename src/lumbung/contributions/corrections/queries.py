"""What a correction has to know: the lines in force, the entries they stand in, and who owes whom afterwards."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import F, QuerySet, Sum

from lumbung.contributions import bookkeeping
from lumbung.contributions import queries as contributions
from lumbung.contributions.bookkeeping import Insured, Premiums
from lumbung.contributions.corrections.bookkeeping import Correction, Held, Layer, Pair
from lumbung.contributions.corrections.judging import Situation, WrongLine
from lumbung.contributions.errors import AlreadyTakenBack, NoSuchReturn, NotInReturn
from lumbung.contributions.judging import Terms
from lumbung.contributions.models import Return, ReturnLine, TakenBack
from lumbung.contributions.settling.queries import COUNTED, SPANS
from lumbung.law.month import Month
from lumbung.registry import queries as registry
from lumbung.registry.models import Employer

CODE_DIGITS = 12


def returned(reference: str) -> Return:
    """The return with that payment code, or with that number: a correction that asks for nothing has no code."""
    found = None
    if reference.isascii() and reference.isdigit():
        wanted = {"payment_code": reference} if len(reference) == CODE_DIGITS else {"pk": int(reference[:18])}
        found = Return.objects.select_related("employer", "payment_code").filter(**wanted).first()
    if found is None:
        raise NoSuchReturn(reference=reference)
    return found


def wrong_lines(returned: Return, member_number: str | None) -> list[WrongLine]:
    """The lines in force of a settled return, or that of one member, in their order.

    Raises NotInReturn, and AlreadyTakenBack when nothing of it is in force any more.
    """
    lines = ReturnLine.objects.filter(returned=returned)
    if member_number is not None:
        lines = lines.filter(member_number=member_number)
    in_force = (
        contributions.in_force().filter(pk__in=lines).annotate(total=contributions.TOTAL).order_by("line", "pk")
    )
    found = [
        WrongLine(row.pk, row.line, row.member_number_id, row.wage, row.back_pay, row.job_loss, row.total)
        for row in in_force
    ]
    if not found:
        by = TakenBack.objects.filter(line__in=lines, by__state=Return.State.SETTLED).order_by("-by").first()
        if by is None:
            raise NotInReturn(reference=returned.pk)
        raise AlreadyTakenBack(by=by.by_id)
    return found


def waiting_for(line_ids: Collection[int]) -> list[Return]:
    """The corrections that wait for their payment and would take back one of these lines."""
    waiting = Return.objects.filter(state=Return.State.OPEN, takes_back__line__in=line_ids)
    return list(waiting.select_related("payment_code").distinct().order_by("pk"))


def situation(employer: Employer, month: Month, *, replaced: Collection[int]) -> Situation:
    """What is known of the employer's workers in a month, if these corrections are replaced."""
    employed = registry.employed_between(employer, month.first_day, month.last_day)
    reported = ReturnLine.objects.filter(
        returned__employer=employer,
        returned__month=month.first_day,
        returned__state=Return.State.OPEN,
        returned__corrects__isnull=True,
    )
    return Situation(
        workers=dict(employed.values_list("member_number_id", "job_loss_insured")),
        paid=contributions.spoken_for(employer, month, but=replaced),
        reported=set(reported.values_list("member_number_id", flat=True)),
    )


def terms(returned: Return, month: Month) -> Terms:
    """The terms on which a return was assessed, for another month; those of today where none were kept."""
    return Terms.of(month, returned.terms) if returned.terms else contributions.terms_of(returned.employer, month)


_PAIRS = """
    SELECT wrong.member_number_id, r.member_number_id, r.jht_employer + r.jht_member, r.jp_employer + r.jp_member
    FROM contributions_takenback AS t
    JOIN contributions_returnline AS wrong ON wrong.id = t.line_id
    JOIN contributions_returnline AS r ON r.returned_id = t.by_id AND r.line = wrong.line
    WHERE t.by_id = %s ORDER BY wrong.member_number_id
"""


def correction(correcting: Return) -> Correction:
    """The facts of a correction to be booked. The caller holds the members' accounts."""
    wrong, paid_on = correcting.corrects, correcting.paid_on
    assert wrong is not None, "it is a correction"
    assert paid_on is not None, "the caller says from which day its money is"
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, [correcting.pk])
        rows = cursor.fetchall()
    wrong_month, right_month = Month.of(wrong.month), Month.of(correcting.month)
    was_counted = _counted([row[0] for row in rows], wrong_month, but=wrong.pk)
    is_counted = _counted([row[1] for row in rows], right_month, but=wrong.pk)
    pairs = [
        Pair(wrong_number, right_number, old_age, pension, wrong_number in was_counted, right_number in is_counted)
        for wrong_number, right_number, old_age, pension in rows
    ]
    return Correction(
        return_id=correcting.pk,
        wrong_month=wrong_month,
        right_month=right_month,
        day=paid_on,
        reason=correcting.reason,
        pairs=pairs,
        layers=_layers(wrong, [row[0] for row in rows]),
    )


def member_numbers(correcting: Return) -> set[str]:
    """All members whom a correction moves."""
    wrong = ReturnLine.objects.filter(taken_back__by=correcting)
    numbers = wrong.values_list("member_number_id").union(correcting.lines.values_list("member_number_id"))
    return {number for (number,) in numbers}


_COUNTED = f"""
    WITH span AS MATERIALIZED ({SPANS})
    SELECT m.number FROM span AS s CROSS JOIN unnest(%s::text[]) AS m (number)
    WHERE {COUNTED.format(number="m.number", first="s.first", last="s.last", month="s.month", but="%s")}
"""  # noqa: S608


def _counted(numbers: Sequence[str], month: Month, *, but: int) -> set[str]:
    """Those of the numbers whose pension month a settled line in force counts, of any return but this one."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, [[month.first_day], list(numbers), but])
        return {number for (number,) in cursor.fetchall()}


_LAYERS = """
    SELECT e.id, e.day, l.member_number, l.contribution, l.pension, l.pension_months
    FROM ledger_entry AS e
    LEFT JOIN ledger_memberline AS l ON l.entry_id = e.id AND l.book_day = ledger_book_day(e.recorded_at)
        AND l.member_number = ANY(%s)
    WHERE e.key = ANY(%s) ORDER BY e.day, e.id
"""


def _layers(wrong: Return, numbers: Sequence[str]) -> list[Layer]:
    """The entries of a settled return with what these members got by each, by value date."""
    keys = [bookkeeping.return_key(wrong.pk, place) for place in range(1, wrong.entry_count + 1)]
    with connection.cursor() as cursor:
        cursor.execute(_LAYERS, [list(numbers), keys])
        rows = cursor.fetchall()
    found: dict[int, Layer] = {}
    held: dict[int, dict[str, Held]] = {}
    for entry_id, day, number, *amounts in rows:
        members = held.setdefault(entry_id, {})
        found[entry_id] = Layer(entry_id, day, members)
        if number is not None:
            members[number] = Held(*amounts)
    return list(found.values())


def is_whole(correcting: Return) -> bool:
    """Whether a correction takes back every line of a return of which nothing was taken back before."""
    assert correcting.corrects is not None, "it is a correction"
    return correcting.takes_back.count() == correcting.corrects.members


def premiums(lines: QuerySet[ReturnLine], terms: Terms) -> Premiums:
    """What the lines bring to the other programmes."""
    insured = lines.filter(job_loss=True).aggregate(
        base=Sum(F("wage") + F("back_pay"), default=0), accident=Sum("jkk", default=0), death=Sum("jkm", default=0)
    )
    sums = lines.aggregate(accident=Sum("jkk", default=0), death=Sum("jkm", default=0))
    return bookkeeping.premiums(**sums, insured=Insured(**insured), terms=terms)


@dataclass(frozen=True, slots=True)
class Surplus:
    """What an employer has paid too much, by a correction; it lies in suspense. Whole rupiah."""

    employer: str
    month: Month
    return_id: int
    corrects: int
    amount: int
    reason: str


def surpluses(employer: Employer | None = None) -> list[Surplus]:
    """Employers' credits from settled corrections, in the order in which they arose."""
    rows = Return.objects.select_related("employer", "corrects").filter(
        corrects__isnull=False, state=Return.State.SETTLED, taken_back_total__gt=F("total")
    )
    if employer is not None:
        rows = rows.filter(employer=employer)
    return [
        Surplus(
            employer=row.employer.full_number,
            month=Month.of(row.month),
            return_id=row.pk,
            corrects=row.corrects_id or 0,
            amount=-row.difference,
            reason=row.reason,
        )
        for row in rows.order_by("pk")
    ]


def lines_taken_back(correcting: Return) -> QuerySet[ReturnLine]:
    """The wrong lines of a correction."""
    return ReturnLine.objects.filter(taken_back__by=correcting)
