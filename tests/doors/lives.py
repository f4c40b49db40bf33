"""Whole working lives, from nothing at all to forty years, for the tests of the members' pages.

Each maker gives one user with an account, whose months were reported, paid and booked up to October 2026. Months
are taken past the employers' files, in sets, so that forty years cost a few seconds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import groupby

from django.utils import timezone
from door_users import PASSWORD

from lumbung.accounts import actions as accounts
from lumbung.accounts.models import ReadOnly, User
from lumbung.contributions import actions as contributions
from lumbung.contributions.judging import Terms
from lumbung.contributions.lines import actions as lines
from lumbung.contributions.models import Return
from lumbung.contributions.queries import terms_of
from lumbung.development.actions import credit
from lumbung.law import contributions as law
from lumbung.law.month import Month
from lumbung.ledger import actions as ledger
from lumbung.ledger.drafts import Draft, MemberLines
from lumbung.payments.actions import with_check_digit
from lumbung.payments.models import BankFile, PaymentCode, Receipt
from lumbung.registry.actions import (
    NewEmployment,
    NewPerson,
    register_employer,
    register_persons,
    start_employments,
)
from lumbung.registry.models import Employer

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
LAST = Month(2026, 10)
LAW_BEGINS = Month(2015, 7)
BORN = date(1966, 12, 7)
DECREE = "Keputusan 12 Tahun 2026 (contoh)"


@dataclass(frozen=True)
class Life:
    """A user, his member numbers in their order, and his employers, the first one first."""

    user: User
    numbers: tuple[str, ...]
    employers: tuple[Employer, ...] = ()


@dataclass(frozen=True)
class Paid:
    """What one employer reports and pays for one month: wages by member number."""

    employer: Employer
    month: Month
    wages: Mapping[str, int]


def registered_yesterday(name: str = "baru") -> Life:
    """Nobody employs him, and nothing was ever paid."""
    return Life(_user(name, date(2001, 5, 5), 1), _numbers(name, 1))


def one_month(name: str = "awal") -> Life:
    """A first month of 5,000,000 rupiah."""
    return months(name, 1)


def months(name: str, count: int, *, wage: int = 5_000_000, numbers: int = 1, employers: int = 1) -> Life:
    """So many months up to October 2026, at employers one after the other, shared among numbers in turns.

    The wage begins at so much and rises by 50,000 each year. The last employer is the present one.
    """
    first = LAST - (count - 1)
    user, own = _user(name, BORN if count > 120 else date(1990, 1, 1), numbers), _numbers(name, numbers)
    houses = [_employer(name, place) for place in range(employers)]
    spans = [_span(first, count, place, employers) for place in range(employers)]
    for place, (house, (start, end)) in enumerate(zip(houses, spans, strict=True)):
        last_day = None if place == employers - 1 else end.last_day
        start_employments(house, [NewEmployment(number, start.first_day, last_day) for number in own])
    rows = [
        Paid(house, start + step, {own[(start + step - first) % numbers]: _wage(wage, first, start + step)})
        for house, (start, end) in zip(houses, spans, strict=True)
        for step in range(end - start + 1)
    ]
    pay_in_sets(rows)
    return Life(user, own, tuple(houses))


def forty_years(name: str = "empat.puluh") -> Life:
    """480 months at one employer; the law that explains them begins in July 2015."""
    return months(name, 480, wage=3_000_000)


def five_employers(name: str = "pindah") -> Life:
    """Sixty months, twelve at each of five employers."""
    return months(name, 60, employers=5)


def three_numbers(name: str = "tiga.nomor") -> Life:
    """36 months, every third under the same of three numbers."""
    return months(name, 36, numbers=3)


def paid_out(name: str = "sudah.ambil") -> Life:
    """Fourteen months, then the work ended and all of the old-age money was paid out."""
    life = Life(_user(name, date(1990, 1, 1), 1), _numbers(name, 1), (_employer(name, 0),))
    (number,), (house,) = life.numbers, life.employers
    start_employments(house, [NewEmployment(number, date(2025, 1, 1), date(2026, 2, 28))])
    pay_in_sets([Paid(house, Month(2025, 1) + step, {number: 5_000_000}) for step in range(14)])
    withdraw(number, 14 * 285_000, day=date(2026, 4, 20))
    return life


def frozen(name: str = "beku") -> Life:
    """Twelve months; since a recovery without any old contact the account only shows."""
    life = months(name, 12)
    now = timezone.now()  # what only shows is asked of the real clock
    ReadOnly.objects.create(
        user=life.user, cause=ReadOnly.Cause.RECOVERED, since=now - timedelta(1), until=now + timedelta(6)
    )
    return life


LIVES = {
    "nothing": registered_yesterday,
    "one month": one_month,
    "forty years": forty_years,
    "five employers": five_employers,
    "three numbers": three_numbers,
    "paid out": paid_out,
    "frozen": frozen,
}


def withdraw(number: str, amount: int, *, day: date) -> int:
    """Old-age money is paid out to the member; returns the entry."""
    draft = Draft(
        key=f"claim:{number[-4:]}:{day}",
        kind="withdrawal",
        day=day,
        control=(("member_old_age", amount), ("bank", -amount)),
        members=MemberLines([number], withdrawals=[amount]),
        reason="Klaim JHT",
    )
    return ledger.post(draft, now=_at(day, 6)).entry_id


def credit_year(year: int, *, rate: str = "5.60", booked: date = date(2026, 11, 20)) -> None:
    """The year's development result for all accounts, booked after all months."""
    credit(year=year, rate=rate, decree=DECREE, now=_at(booked, 2), jobs=1)


def pay_in_sets(rows: Iterable[Paid]) -> None:
    """Report, pay and book months, the oldest first: each year's in one set, those of the last twelve by month.

    The books begin in 2000: what is older is booked in their first month.
    """
    for _, group in groupby(sorted(rows, key=lambda row: row.month), key=lambda row: _booked_with(row.month)):
        _settle_set(list(group))


def _booked_with(month: Month) -> Month:
    """The month of whose set a month is."""
    return month if month > LAST - 12 else max(Month(month.year, 12), Month(1999, 12))


def _settle_set(rows: list[Paid]) -> None:
    booked = _at(max(_paid_on(rows[-1].month), date(2000, 1, 10)), 3)
    returns, held = [], []
    digest = sha256(repr([(row.employer.pk, str(row.month)) for row in rows]).encode()).digest()
    file = BankFile.objects.create(digest=digest, content=b"", taken_in_at=booked)
    start = PaymentCode.objects.count()
    for place, row in enumerate(rows, 1):
        owed = {number: _assessed(terms_of(row.employer, row.month), wage) for number, wage in row.wages.items()}
        total = sum(each.total for each in owed.values())
        code = PaymentCode(code=with_check_digit(f"9{start + place:010d}"), amount=total,
                           due=_paid_on(row.month), issued_at=booked, state=PaymentCode.State.PAID)  # fmt: skip
        held.append((code, _paid_on(row.month), owed))
        returns.append(_return(row, code, total, booked))
    PaymentCode.objects.bulk_create([code for code, _, _ in held])
    Receipt.objects.bulk_create(
        Receipt(bank_reference=f"SET-{code.code}", code_as_written=code.code, amount=code.amount, received_on=day,
                file=file, line=place, payment_code=code)
        for place, (code, day, _) in enumerate(held, 1)
    )  # fmt: skip
    for returned, (_, _, owed) in zip(Return.objects.bulk_create(returns), held, strict=True):
        lines.copy(
            returned.pk,
            [(number, line, each.wage, 0, each, False) for line, (number, each) in enumerate(owed.items(), 2)],
        )
    contributions.drain(clock=lambda: booked)


def _return(row: Paid, code: PaymentCode, total: int, booked: datetime) -> Return:
    kept = terms_of(row.employer, row.month).kept if row.month >= LAW_BEGINS else None
    return Return(
        employer=row.employer, month=row.month.first_day, digest=sha256(code.code.encode()).digest(),
        file_name="upah.csv", received_at=booked, law_version="", terms=kept, members=len(row.wages), total=total,
        payment_code=code,
    )  # fmt: skip


def _assessed(terms: Terms, wage: int) -> law.Assessment:
    """What the law gives; before it began, the old-age money alone."""
    if terms.month >= LAW_BEGINS:
        return terms.assess(wage)
    return law.Assessment(wage, terms.month, wage * 37 // 1000, wage * 2 // 100, 0, 0, 0, 0, 0)


def _user(name: str, born: date, numbers: int) -> User:
    person = register_persons([NewPerson(f"{name.replace('.', ' ').title()} Uji", born, _numbers(name, numbers))])
    return accounts.make_member_user(person[0].person, name, PASSWORD)


def _numbers(name: str, count: int) -> tuple[str, ...]:
    """Invented member numbers that are the same each time, other ones for each name."""
    base = int.from_bytes(sha256(name.encode()).digest()[:4]) % 10**8
    return tuple(f"77{base:08d}{place}" for place in range(1, count + 1))


def _employer(name: str, place: int) -> Employer:
    code = int.from_bytes(sha256(name.encode()).digest()[4:8]) % 10**6
    title = f"PT {name.replace('.', ' ').title()} {place + 1}"
    return register_employer(full_number=f"7{code:06d}{place}-000", name=title, risk_class="II", size="medium")


def _span(first: Month, count: int, place: int, parts: int) -> tuple[Month, Month]:
    return first + count * place // parts, first + count * (place + 1) // parts - 1


def _wage(least: int, first: Month, month: Month) -> int:
    return least + 50_000 * (month.year - first.year)


def _paid_on(month: Month) -> date:
    return (month + 1).first_day + timedelta(days=9)


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


__all__ = ["LIVES", "NOW", "TODAY", "Life", "credit_year", "months", "pay_in_sets", "withdraw"]
