"""How things are measured: the sides of a comparison take turns, warm-ups come first, and medians count."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from statistics import median

Side = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Result:
    """One ratio with its absolute figures: `words` for the table, `figures` for programs, units in their names."""

    name: str
    ratio: float
    words: str
    figures: dict[str, float] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def seconds(work: Callable[..., object], *arguments: object) -> float:
    began = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - began


def in_turns(rounds: int, *sides: Side, warm_up: int = 1) -> list[list[float]]:
    """Seconds of each side in each round; in every other round they go in the opposite order.

    Each side is called with the number of the round. Warm-ups come first, with the first numbers, and don't count.
    """
    taken: list[list[float]] = [[] for _ in sides]
    for number in range(warm_up + rounds):
        order = range(len(sides)) if number % 2 == 0 else reversed(range(len(sides)))
        for at in order:
            spent = seconds(sides[at], number)
            if number >= warm_up:
                taken[at].append(spent)
    return taken


def speed(ours: list[float], theirs: list[float]) -> float:
    """How fast we are in terms of the other side: the median over the rounds of their time by ours."""
    return median(their / our for our, their in zip(ours, theirs, strict=True))
