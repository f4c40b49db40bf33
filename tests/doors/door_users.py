"""Somebody of each kind, for the tests of the doors."""

from dataclasses import dataclass

from lumbung.accounts.actions import Program
from lumbung.accounts.models import User

PASSWORD = "padi-jagung-sagu-kelapa-2026"


@dataclass(frozen=True)
class Users:
    """One user of each kind, two members among them; the people's password is PASSWORD."""

    member: User
    other_member: User
    employer: User
    officer: User
    program: Program

    @property
    def people(self) -> list[User]:
        return [self.member, self.other_member, self.employer, self.officer]
