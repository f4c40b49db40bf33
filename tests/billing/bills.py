"""Invented people who insure themselves, a project, a migrant worker, and what a test does with their bills."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count

TODAY = date(2025, 11, 22)
NOW = datetime(2025, 11, 22, 4, 0, tzinfo=UTC)
HEADER = "payment_code,amount,received_on,bank_reference"
DRIVER, SELLER, ABROAD = "10000000001", "20000000002", "30000000003"
_references = count(1)


@dataclass
class Payers:
    """The project's and the contract's numbers, and the employer's."""

    employer_number: str
    project_id: int
    contract_id: int

    def employer(self):
        from lumbung.registry import queries

        return queries.employer(self.employer_number)

    def project(self):
        from lumbung.registry import queries

        return queries.project(self.project_id)

    def contract(self):
        from lumbung.registry import queries

        return queries.migrant_contract(self.contract_id)

    def bill(self, number: str, first: str, months: int = 1):
        from lumbung.billing import actions
        from lumbung.law.month import Month

        return actions.issue_self_employed(number, first=Month.parse(first), months=months, now=NOW)


def pay(*codes, day: date = TODAY, now: datetime = NOW) -> None:
    """Take in a bank file with exact payments of these codes; nothing is settled yet."""
    from lumbung.payments import actions

    lines = [f"{code.code},{code.amount},{day},REF-{next(_references)}" for code in codes]
    taken = actions.take_in_bank_file("\n".join([HEADER, *lines, ""]).encode(), today=TODAY, now=now)
    assert not taken.held


def settle(limit: int = 10_000) -> int:
    from lumbung.billing import actions

    return actions.settle_paid(now=NOW, limit=limit)


def totals() -> dict[str, int]:
    """The control accounts that are not empty."""
    from lumbung.ledger import queries

    return {account: amount for account, amount in queries.control_totals().items() if amount}


def balance(number: str) -> int:
    from lumbung.ledger import queries

    return queries.balance(number, TODAY).old_age_balance


def register() -> Payers:
    from lumbung.registry import actions

    born = date(1990, 5, 15)
    actions.register_persons(
        [
            actions.NewPerson("Agus Contoh", born, (DRIVER,)),
            actions.NewPerson("Sri Contoh", born, (SELLER,)),
            actions.NewPerson("Wati Contoh", born, (ABROAD,)),
        ]
    )
    employer = actions.register_employer(
        full_number="00000008-000", name="PT Contoh Bangun", risk_class="V", size="medium"
    )
    actions.enrol_self_employed(
        [
            actions.NewSelfEmployment(
                DRIVER, 2_000_000, old_age=False, sector="transport", starts=date(2025, 1, 10)
            ),
            actions.NewSelfEmployment(SELLER, 2_600_000, old_age=True, sector="other", starts=date(2024, 6, 1)),
        ]
    )
    bridge = actions.NewProject("Jembatan Contoh", 600_000_000, date(2025, 12, 1), date(2026, 6, 30))
    (project,) = actions.register_projects(employer, [bridge])
    stay = actions.NewMigrantContract(
        ABROAD, date(2025, 12, 10), 24, agency=True, extension_months=2, old_age=100_000
    )
    (contract,) = actions.register_migrant_contracts([stay])
    return Payers(employer.full_number, project.pk, contract.pk)
