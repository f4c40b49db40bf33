"""The banks that benefits can be paid to, from banks.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

FEWEST_DIGITS, MOST_DIGITS = 6, 20


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank by its clearing code. `digits` is how long its account numbers are, None when that differs."""

    code: str
    name: str
    digits: int | None = None

    def takes(self, number: str) -> bool:
        """Whether an account number, digits only, can be one of this bank."""
        if not (number.isascii() and number.isdigit()):
            return False
        return len(number) == self.digits if self.digits else FEWEST_DIGITS <= len(number) <= MOST_DIGITS


@cache
def banks() -> Mapping[str, Bank]:
    """Code → bank, the ones that most people have first."""
    text = resources.files("lumbung.profiles").joinpath("banks.yaml").read_text(encoding="utf-8")
    return {row["code"]: Bank(**row) for row in yaml.safe_load(text)}
