"""What the demo's own member keeps with the fund: heirs and a bank account, invented from the seed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from faker import Faker

from lumbung.cli.demopeople import GUIDE_NUMBER, SEED

# Long enough ago that no change cools off any more: the demo's money may move.
BEFORE = timedelta(days=30)
BANK = "014"


@dataclass(frozen=True, slots=True)
class Kept:
    """Heirs as (name, relation, place, birth date), and the number of a bank account of ten digits."""

    heirs: tuple[tuple[str, str, int, date], ...] = field(repr=False)
    account_number: str = field(repr=False)


def invented(family: str) -> Kept:
    """A wife and two children of that family name, the same every time."""
    random = Random(f"{SEED} heirs")  # noqa: S311  invented people, no secrets
    faker = Faker("id_ID")
    faker.seed_instance(SEED + 3)
    people = (
        (faker.first_name_female(), "spouse", 1, date(1991, 1, 1)),
        (faker.first_name_male(), "child", 2, date(2014, 1, 1)),
        (faker.first_name_female(), "child", 2, date(2018, 1, 1)),
    )
    heirs = tuple(
        (f"{name} {family}", relation, rank, born + timedelta(days=random.randrange(365)))
        for name, relation, rank, born in people
    )
    return Kept(heirs, f"{random.randrange(10**10):010d}")


def plant(now: datetime) -> None:
    """Keep them for the guide's member, who has an account; twice is once."""
    from lumbung.cli import demonotices
    from lumbung.profiles import actions
    from lumbung.registry import queries

    person = queries.member_number(GUIDE_NUMBER).person
    kept = invented(person.name.split()[-1])
    for name, relation, rank, born in kept.heirs:
        heir = actions.NewHeir(name, relation, rank, born)
        actions.add_heir(person.user, heir, place="member", now=now - BEFORE)
    actions.set_bank_account(
        person.user, bank=BANK, number=kept.account_number, holder=person.name, place="member", now=now - BEFORE
    )
    demonotices.hand_over(now - BEFORE)
