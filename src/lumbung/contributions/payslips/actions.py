"""Keep wages of payslips, or forget them."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from lumbung.contributions.models import Payslip
from lumbung.law.month import Month

# Member number, employer's id, month → the wage on the payslip in rupiah.
Wages = Mapping[tuple[str, int, Month], int]


@transaction.atomic
def keep(wages: Wages, *, now: datetime) -> None:
    """Keep these wages; a month that was kept before takes the new one."""
    Payslip.objects.bulk_create(
        [
            Payslip(
                member_number_id=number, employer_id=employer, month=month.first_day, wage=str(wage), kept_at=now
            )
            for (number, employer, month), wage in sorted(wages.items())
        ],
        update_conflicts=True,
        unique_fields=["member_number", "employer", "month"],
        update_fields=["wage", "kept_at"],
    )


@transaction.atomic
def forget(member_numbers: Collection[str]) -> int:
    """Delete all payslips of these numbers; how many there were."""
    return Payslip.objects.filter(member_number__in=member_numbers).delete()[0]
