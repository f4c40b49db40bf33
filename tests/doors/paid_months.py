"""Employers that report and pay, month after month, for the tests of the pages."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from lumbung.contributions import actions as contributions
from lumbung.law.month import Month
from lumbung.payments import actions as payments
from lumbung.registry.models import Employer, MemberNumber

FIRST_DAY = date(2020, 1, 1)


def pay(employer: Employer, month: Month, wages: Mapping[str, int], *, late: int = 0) -> None:
    """The employer reports these wages by member number, and pays on the tenth of the next month or `late`."""
    day = (month + 1).first_day + timedelta(days=9 + late)
    now = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
    names = names_of(wages)
    rows = "".join(f"{number},{names[number]},{wage}\n" for number, wage in wages.items())
    file = f"kpj,nama,upah\n{rows}".encode()
    taken = contributions.take_in_return(employer, month, file, file_name="upah.csv", today=day, now=now)
    code, total = taken.returned.payment_code.code, taken.returned.total
    bank = f"payment_code,amount,received_on,bank_reference\n{code},{total},{day},{employer.pk}-{month}\n"
    payments.take_in_bank_file(bank.encode(), today=day, now=now)
    contributions.settle(code, now=now + timedelta(minutes=1))


def names_of(numbers: Mapping[str, int]) -> dict[str, str]:
    """The registered name behind each member number."""
    return dict(MemberNumber.objects.filter(pk__in=numbers).values_list("number", "person__name"))
