"""Wages of payslips that members keep."""

from collections.abc import Sequence

from lumbung.contributions.models import Payslip
from lumbung.law.month import Month


def kept(member_numbers: Sequence[str], *, year: int | None = None) -> dict[tuple[str, int, Month], int]:
    """Member number, employer's id, month → the wage kept, in rupiah; of one year when given."""
    rows = Payslip.objects.filter(member_number__in=member_numbers)
    if year is not None:
        rows = rows.filter(month__gte=Month(year, 1).first_day, month__lte=Month(year, 12).first_day)
    return {(row.member_number_id, row.employer_id, Month.of(row.month)): int(row.wage) for row in rows}
