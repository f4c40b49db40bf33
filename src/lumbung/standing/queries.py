"""A person's books, work and months on a day, read in one statement however many numbers and months there are."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import connection

from lumbung.contributions.queries import Cover, Status, judged_status
from lumbung.law.month import Month
from lumbung.law.parameter import parameter
from lumbung.law.pension import PensionYear
from lumbung.ledger.queries import Balance
from lumbung.projections import record
from lumbung.registry.models import Person
from lumbung.standing.benefits import Facts

_RECENT_YEARS = 3  # of the months paid: more than any rule looks back


@dataclass(frozen=True, slots=True)
class Work:
    """A present employer, and whether the work there is insured against job loss."""

    employer_id: int
    name: str
    size: str
    job_loss_insured: bool


@dataclass(frozen=True, slots=True)
class Wage:
    """The last monthly wage that an employer reported and paid for, in whole rupiah."""

    amount: int = field(repr=False)
    month: Month
    is_present: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands on a day; his figures stay out of the repr.

    `accounts` are the balances of all member numbers, in their order. `wage` is that of the employer whom `status`
    names, else the newest known. `own_income` is what a self-employed member declared. `member_since` and
    `left_on` are the first day of any cover and the last day of the last work that ended. `recent_months` are the
    months paid by employers in the last years. `pension_years` are read only where so many months are paid that
    the pension comes every month.
    """

    today: date
    born: date = field(repr=False)
    accounts: tuple[Balance, ...] = field(repr=False)
    status: Status
    work: tuple[Work, ...]
    wage: Wage | None
    own_income: int | None = field(repr=False)
    member_since: date | None
    left_on: date | None
    recent_months: frozenset[Month]
    pension_months: int
    pension_years: tuple[PensionYear, ...] = field(repr=False)

    @property
    def total(self) -> "Total":
        """All member numbers together."""
        return Total.of(self.accounts)

    @property
    def pension_needed(self) -> int:
        """The months from which a pension is paid every month."""
        return _pension_needs()

    @property
    def facts(self) -> Facts:
        """What the law is asked with."""
        total = self.total
        return Facts(
            today=self.today,
            born=self.born,
            programmes=self.status.programmes,
            old_age_balance=total.old_age_balance,
            pension_paid=total.pension_contributions,
            pension_months=self.pension_months,
            pension_years=self.pension_years,
            wage=self.wage.amount if self.wage else None,
            income=self.own_income,
            size=self.work[0].size if self.work else None,
            job_loss_insured=bool(self.work) and self.work[0].job_loss_insured,
            member_since=self.member_since,
            left_on=None if self.work else self.left_on,
            recent_months=self.recent_months,
        )


@dataclass(frozen=True, slots=True)
class Total:
    """What all member numbers of one person hold together, in whole rupiah."""

    old_age_balance: int
    old_age_contributions: int
    old_age_development: int
    old_age_withdrawals: int
    pension_contributions: int
    pension_months_paid: int

    @property
    def old_age_grown(self) -> int:
        """What came in and what it earned, before anything was paid out."""
        return self.old_age_contributions + self.old_age_development

    @classmethod
    def of(cls, balances: Sequence[Balance]) -> "Total":
        """The sums of some balances."""
        return cls(*(sum(getattr(balance, name) for balance in balances) for name in cls.__slots__))

    def __repr__(self) -> str:
        """Without amounts, so that no log or trace can show them."""
        return "Total()"


def standing(person: Person, *, today: date) -> Standing:
    """Where the person stands on the day, from all of his member numbers together."""
    row = _read(person.pk, today)
    accounts = tuple(_balance(each) for each in row["accounts"] or ())
    work = tuple(Work(*each) for each in row["employers"] or ())
    income = row["self_employed"][1] if row["self_employed"] else None
    counted = sum(account.pension_months_paid for account in accounts)
    return Standing(
        today=today,
        born=person.birth_date,
        accounts=accounts,
        status=_status(row, work, today),
        work=work,
        wage=_wage(row["wages"] or (), work),
        own_income=income,
        member_since=row["member_since"],
        left_on=row["left_on"],
        recent_months=frozenset(_month(day) for day in row["recent_months"] or ()),
        pension_months=row["pension_months"] if len(accounts) > 1 else counted,
        pension_years=_pension_years(row["pension_wages"] or ()),
    )


def _read(person_id: int, today: date) -> Mapping[str, Any]:
    arguments: dict[str, int | date] = {
        "person": person_id,
        "today": today,
        "recent": date(today.year - _RECENT_YEARS, today.month, 1),
        "pension_needs": _pension_needs(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_statement(), arguments)
        names = [column.name for column in cursor.description]
        return {name: _opened(value) for name, value in zip(names, cursor.fetchone(), strict=True)}


def _opened(value: Any) -> Any:
    """A column; those that hold several values come as JSON."""
    return json.loads(value) if isinstance(value, str) else value


def _pension_needs() -> int:
    """The months from which a pension is paid every month."""
    return parameter("pension_months_needed").latest().whole()


@lru_cache(maxsize=1)
def _statement() -> str:
    return (Path(__file__).parent / "sql" / "standing.sql").read_text(encoding="utf-8")


def _balance(account: Sequence[Any]) -> Balance:
    number, contributions, development, withdrawals, pension, months, booked = account
    return Balance(
        number,
        None,
        old_age_contributions=contributions,
        old_age_development=development,
        old_age_withdrawals=withdrawals,
        pension_contributions=pension,
        pension_months_paid=months,
        booked_on=date.fromisoformat(booked) if booked else None,
    )


def _status(row: Mapping[str, Any], work: Sequence[Work], today: date) -> Status:
    employer = Cover(work[0].name, work[0].size) if work else None
    own = row["self_employed"][0] if row["self_employed"] else row["abroad"]
    programmes = None if own is None else frozenset({"JKK", "JKM", "JHT"} if own else {"JKK", "JKM"})
    return judged_status(
        employer,
        programmes,
        paid_by_employers=_of(row["paid_by_employers"]),
        paid_by_himself=_of(row["paid_by_himself"]),
        today=today,
    )


def _wage(newest: Sequence[Sequence[Any]], work: Sequence[Work]) -> Wage | None:
    """The wage of the present employers in their order, then anybody's; the newest first."""
    present = [each.employer_id for each in work]
    known = sorted(newest, key=lambda each: present.index(each[0]) if each[0] in present else len(present))
    if not known:
        return None
    employer, month, amount = known[0]
    return Wage(amount, _month(month), employer in present)


def _pension_years(wages: Sequence[Sequence[Any]]) -> tuple[PensionYear, ...]:
    paid = [record.MonthPaid(_month(month), 0, "", 0, wage) for month, wage in wages]
    return tuple(record.pension_years(paid))


def _of(day: date | None) -> Month | None:
    return None if day is None else Month.of(day)


def _month(written: str) -> Month:
    return Month.of(date.fromisoformat(written))
