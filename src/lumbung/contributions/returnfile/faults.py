"""What can be wrong with one cell, before it is known where the cell stands."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a cell can't be taken: a code, a sentence for the user, and facts that are not personal."""

    code: str
    sentence: str
    facts: dict[str, Any] = field(default_factory=dict)
