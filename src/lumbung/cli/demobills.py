"""What the demo's people and firms pay outside of payrolls: registered, billed and listed month by month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from lumbung.cli.demopeople import BUILDER, PROJECT, PROJECT_VALUE, InventedPerson, Stay, Trade
from lumbung.law.month import Month

if TYPE_CHECKING:  # the models can be imported only once Django is set up
    from lumbung.billing.models import Bill
    from lumbung.payments.models import PaymentCode


@dataclass(frozen=True, slots=True)
class Payment:
    """What is paid under a code, as a line of the bank file shows it."""

    code: str
    amount: int
    reference: str

    def line(self, day: date) -> str:
        """The line of a bank file, with the day on which the bank received it."""
        return f"{self.code},{self.amount},{day.isoformat()},{self.reference}"


@dataclass(frozen=True, slots=True)
class Independent:
    """Who insures himself, and the month in which the builder pays for its project."""

    trades: list[Trade]
    stays: list[Stay]
    project_paid_in: Month

    @property
    def people(self) -> Iterator[tuple[InventedPerson, str]]:
        """Each person with his member number."""
        yield from ((trade.person, trade.member_number) for trade in self.trades)
        yield from ((stay.person, stay.member_number) for stay in self.stays)

    @property
    def project_starts(self) -> date:
        """The day on which the work begins: the first of the month after it was paid for."""
        return (self.project_paid_in + 1).first_day


def register(independent: Independent) -> None:
    """Their enrolments, contracts and project; the persons are there, and a transaction is open."""
    from lumbung.registry import actions

    actions.enrol_self_employed(
        [
            actions.NewSelfEmployment(
                trade.member_number,
                income=trade.income,
                old_age=trade.old_age,
                sector=trade.sector,
                starts=trade.first.first_day,
            )
            for trade in independent.trades
        ]
    )
    actions.register_migrant_contracts(
        [
            actions.NewMigrantContract(
                stay.member_number,
                departs_on=stay.departs_on,
                contract_months=stay.contract_months,
                agency=stay.agency,
                extension_months=stay.extension_months,
                old_age=stay.old_age,
            )
            for stay in independent.stays
        ]
    )
    builder = actions.register_employer(
        full_number=BUILDER.full_number, name=BUILDER.name, risk_class=BUILDER.risk_class, size=BUILDER.size
    )
    starts = independent.project_starts
    ends = (Month.of(starts) + 13).last_day
    actions.register_projects(builder, [actions.NewProject(PROJECT, PROJECT_VALUE, starts, ends)])


def payments(independent: Independent, month: Month, now: datetime) -> list[Payment]:
    """What these people and the builder pay in a calendar month, billed unless it was before, and open fines."""
    from django.db import transaction

    from lumbung.billing import queries

    with transaction.atomic():
        billed = {bill.member_number_id: bill for bill in queries.live_bills().filter(month=month.first_day)}
        codes = [_months(trade, month, billed, now) for trade in independent.trades if trade.pays(month)]
        codes += [_contract(stay, now) for stay in independent.stays if stay.paid_in == month]
        if independent.project_paid_in == month:
            codes.append(_project(now))
        codes += [bill.payment_code for bill in queries.bills(kind="late_fine", state="open")]
    return [Payment(code.code, code.amount, f"DEMO-{month}-{code.code}") for code in codes]


def _months(trade: Trade, first: Month, billed: dict[str | None, Bill], now: datetime) -> PaymentCode:
    from lumbung.billing import actions

    if trade.member_number in billed:
        return billed[trade.member_number].payment_code
    months = trade.months_at_once
    return actions.issue_self_employed(trade.member_number, first=first, months=months, now=now).payment_code


def _contract(stay: Stay, now: datetime) -> PaymentCode:
    from lumbung.billing import actions, queries
    from lumbung.registry import queries as registry

    person = registry.member_number(stay.member_number).person_id
    contract = registry.migrant_contracts_on(person, stay.departs_on)[0]
    for bill in queries.live_bills().filter(contract=contract):
        return bill.payment_code
    return actions.issue_migrant(contract, old_age_months=stay.old_age_months, now=now).payment_code


def _project(now: datetime) -> PaymentCode:
    from lumbung.billing import actions, queries
    from lumbung.registry import queries as registry

    project = registry.employer(BUILDER.full_number).projects.get(name=PROJECT)
    for bill in queries.live_bills().filter(project=project):
        return bill.payment_code
    return actions.issue_construction(project, now=now).payment_code


def settle(now: datetime) -> None:
    """Book what was paid."""
    from lumbung.billing import actions

    actions.drain(now=now)
