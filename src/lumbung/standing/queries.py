"""A person's books, work and months on a day, read in one statement however many numbers and months there are."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import connection

from lumbung.contributions.gaps import facts as gaps
from lumbung.contributions.queries import Cover, Status, judged_status
from lumbung.law.contributions import programmes_of
from lumbung.law.month import Month
from lumbung.law.parameter import parameter
from lumbung.law.pension import PensionYear
from lumbung.ledger.queries import Balance
from lumbung.projections import record
from lumbung.registry.models import Person
from lumbung.standing.benefits import Facts

_RECENT_YEARS = 3  # of the months paid: more than any rule looks back
# Lines of a number among which its newest month is looked for. Returns come after their months, so only who was
# paid ten years of arrears after his newest month would be told an older one.
_NEWEST = 120


@dataclass(frozen=True, slots=True)
class Work:
    """Work for an employer, what the law asks of it, and whether the work is insured against its loss."""

    member_number: str
    employer_id: int
    name: str
    starts: date
    ends: date | None
    size: str
    terms: Mapping[str, Any] = field(repr=False)
    job_loss_insured: bool

    @property
    def cover(self) -> gaps.Cover:
        """The months that it makes expected."""
        programmes = programmes_of(self.size)
        return gaps.Cover(
            self.member_number, gaps.PU, self.employer_id, self.name, self.starts, self.ends, programmes,
            self.terms,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Own:
    """Insurance of one's own, as self-employed or abroad; `counts_from` is the day from which it insures.

    `payer` is the contract's id for work abroad, 0 else; `terms` hold what a self-employed member declared,
    `chosen` is what is saved for old age each month abroad.
    """

    member_number: str
    segment: str
    payer: int
    starts: date
    ends: date | None
    counts_from: date
    old_age: bool
    terms: Mapping[str, Any] = field(repr=False, default_factory=dict)
    chosen: int = field(repr=False, default=0)
    premium_paid: bool = False

    @property
    def programmes(self) -> frozenset[str]:
        """What is insured, by the programmes' codes."""
        return frozenset({"JKK", "JKM", "JHT"} if self.old_age else {"JKK", "JKM"})

    @property
    def cover(self) -> gaps.Cover:
        """The months that it makes expected; what is saved for old age abroad nobody expects."""
        programmes = self.programmes if self.segment == gaps.BPU else frozenset({"JKK", "JKM"})
        return gaps.Cover(
            self.member_number, self.segment, self.payer, "", self.starts, self.ends, programmes, self.terms
        )


@dataclass(frozen=True, slots=True)
class Wage:
    """The last monthly wage that an employer reported and paid for, in whole rupiah."""

    amount: int = field(repr=False)
    month: Month
    is_present: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands on a day; his figures stay out of the repr.

    `accounts` are the balances of all member numbers, in their order. `work` and `own` are all that ever covered
    him, the newest first. `wage` is that of the employer whom `status` names, else the newest known.
    `recent_months` are the months paid by employers in the last years. `pension_years` are read only where so many
    months are paid that the pension comes every month.
    """

    today: date
    born: date = field(repr=False)
    accounts: tuple[Balance, ...] = field(repr=False)
    status: Status
    work: tuple[Work, ...]
    own: tuple[Own, ...]
    wage: Wage | None
    recent_months: frozenset[Month]
    pension_months: int
    pension_years: tuple[PensionYear, ...] = field(repr=False)

    @property
    def total(self) -> "Total":
        """All member numbers together."""
        return Total.of(self.accounts)

    @property
    def numbers(self) -> list[str]:
        """All member numbers, in their order."""
        return [account.member_number for account in self.accounts]

    @property
    def covers(self) -> list[gaps.Cover]:
        """What makes months expected."""
        return [work.cover for work in self.work] + [own.cover for own in self.own]

    @property
    def employers(self) -> list[Work]:
        """The work of today, the newest first."""
        return _present(self.work, self.today)

    @property
    def pension_needed(self) -> int:
        """The months from which a pension is paid every month."""
        return _pension_needs()

    @property
    def facts(self) -> Facts:
        """What the law is asked with."""
        total, work = self.total, self.employers
        earns = [each for each in self.own if each.segment == gaps.BPU and _covers(each, self.today)]
        ended = [each.ends for each in self.work if each.ends is not None and each.ends < self.today]
        return Facts(
            today=self.today,
            born=self.born,
            programmes=self.status.programmes,
            old_age_balance=total.old_age_balance,
            pension_paid=total.pension_contributions,
            pension_months=self.pension_months,
            pension_years=self.pension_years,
            wage=self.wage.amount if self.wage else None,
            income=earns[0].terms["income"] if earns else None,
            size=work[0].size if work else None,
            job_loss_insured=bool(work) and work[0].job_loss_insured,
            member_since=min([each.starts for each in self.covers], default=None),
            left_on=None if work else max(ended, default=None),
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

    @property
    def paid_out(self) -> int:
        """What withdrawals do to the balance: below zero when something was paid out."""
        return -self.old_age_withdrawals

    @property
    def lost(self) -> int:
        """By how much the balance went down, as a number above zero."""
        return -self.old_age_balance

    def less(self, other: "Total") -> "Total":
        """What came on top of another total."""
        return Total(*(getattr(self, name) - getattr(other, name) for name in self.__slots__))

    def __repr__(self) -> str:
        """Without amounts, so that no log or trace can show them."""
        return "Total()"


def standing(person: Person, *, today: date) -> Standing:
    """Where the person stands on the day, from all of his member numbers together."""
    row = _read(person.pk, today)
    accounts = tuple(_balance(each) for each in row["accounts"] or ())
    counted = sum(account.pension_months_paid for account in accounts)
    work = tuple(_work(each) for each in row["work"] or ())
    own = (*map(_self_employed, row["self_employed"] or ()), *map(_abroad, row["abroad"] or ()))
    return Standing(
        today=today,
        born=person.birth_date,
        accounts=accounts,
        status=_status(row, work, own, today),
        work=work,
        own=own,
        wage=_wage(row["wages"] or (), _present(work, today)),
        recent_months=frozenset(_month(day) for day in row["recent_months"] or ()),
        pension_months=row["pension_months"] if len(accounts) > 1 else counted,
        pension_years=_pension_years(row["pension_wages"] or ()),
    )


def _read(person_id: int, today: date) -> Mapping[str, Any]:
    arguments: dict[str, int | date] = {
        "person": person_id,
        "today": today,
        "recent": date(today.year - _RECENT_YEARS, today.month, 1),
        "newest": _NEWEST,
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


_ACCOUNTS = """
    SELECT n.number, a.contribution_total, a.development_total, a.withdrawal_total, a.pension_total,
           a.pension_months_total, a.last_book_day, a.last_position
    FROM registry_membernumber AS n LEFT JOIN ledger_memberaccount AS a ON a.member_number = n.number
    WHERE n.person_id = %s ORDER BY n.number
"""


@dataclass(frozen=True, slots=True)
class Account:
    """What a member number has now, and how many lines brought it there."""

    balance: Balance
    lines: int


def accounts(person: Person) -> list[Account]:
    """The accounts of all member numbers, in their order, those without any line too. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_ACCOUNTS, [person.pk])
        rows = cursor.fetchall()
    return [Account(_balance_of(number, totals, booked), lines or 0) for number, *totals, booked, lines in rows]


@lru_cache(maxsize=1)
def _statement() -> str:
    return (Path(__file__).parent / "sql" / "standing.sql").read_text(encoding="utf-8")


def _balance(account: Sequence[Any]) -> Balance:
    number, *totals, booked = account
    return _balance_of(number, totals, _day(booked))


def _balance_of(number: str, totals: Sequence[int | None], booked: date | None) -> Balance:
    contributions, development, withdrawals, pension, months = (total or 0 for total in totals)
    return Balance(
        number,
        None,
        old_age_contributions=contributions,
        old_age_development=development,
        old_age_withdrawals=withdrawals,
        pension_contributions=pension,
        pension_months_paid=months,
        booked_on=booked,
    )


def _work(row: Sequence[Any]) -> Work:
    number, employer, name, started, ended, size, terms, insured = row
    return Work(number, employer, name, date.fromisoformat(started), _day(ended), size, terms, insured)


def _self_employed(row: Sequence[Any]) -> Own:
    number, written, ends, old_age, terms = row
    starts = date.fromisoformat(written)
    return Own(number, gaps.BPU, 0, starts, _day(ends), starts, old_age, terms)


def _abroad(row: Sequence[Any]) -> Own:
    """A contract insures before its departure, from the day its premium was paid on."""
    number, contract, departs, ends, chosen, paid = row
    starts, paid_on = date.fromisoformat(departs), _day(paid)
    return Own(
        member_number=number,
        segment=gaps.PMI,
        payer=contract,
        starts=starts,
        ends=_day(ends),
        counts_from=min(starts, paid_on or starts),
        old_age=chosen > 0,
        chosen=chosen,
        premium_paid=paid_on is not None,
    )


def _status(row: Mapping[str, Any], work: Sequence[Work], own: Sequence[Own], today: date) -> Status:
    present = _present(work, today)
    insured = next((each for each in own if _covers(each, today)), None)
    premiums = [each.ends for each in own if each.premium_paid and each.ends is not None]
    paid = [day for day in (row["paid_by_himself"], *premiums) if day is not None]
    return judged_status(
        Cover(present[0].name, present[0].size) if present else None,
        insured.programmes if insured else None,
        paid_by_employers=Month.of(row["paid_by_employers"]) if row["paid_by_employers"] else None,
        paid_by_himself=Month.of(max(paid)) if paid else None,
        today=today,
    )


def _present(work: Sequence[Work], today: date) -> list[Work]:
    return [each for each in work if each.starts <= today and (each.ends is None or each.ends >= today)]


def _covers(own: Own, today: date) -> bool:
    return own.counts_from <= today and (own.ends is None or own.ends >= today)


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


def _day(written: str | None) -> date | None:
    return None if written is None else date.fromisoformat(written)


def _month(written: str) -> Month:
    return Month.of(date.fromisoformat(written))
