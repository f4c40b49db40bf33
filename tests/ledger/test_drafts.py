"""Drafts refuse what no package may even ask for, and stay small."""

import tracemalloc
from dataclasses import FrozenInstanceError, replace

import pytest
from samples import ANI, BUDI, DAY, MONTH, contribution, receipt

from lumbung.ledger.drafts import Draft, MemberLines

GOOD = contribution("a", {ANI: (570, 300), BUDI: (285, 150)})


@pytest.mark.parametrize(
    "change",
    [
        {"key": ""},
        {"kind": ""},
        {"control": ()},
        {"control": (("bank", 1305), ("member_old_age", -855), ("member_pension", -450), ("fines", 0))},
        {"control": (("bank", 1306), ("member_old_age", -855), ("member_pension", -450))},
        {"control": (("bank", 1305), ("member_old_age", -854), ("member_pension", -451))},
        {"control": (("bank", 1305), ("suspense", -1305))},
        {"members": MemberLines()},
    ],
    ids=[
        "no key",
        "no kind",
        "no control lines",
        "an empty line",
        "no zero sum",
        "other sums",
        "no members",
        "no lines",
    ],
)
def test_a_draft_that_is_not_whole_is_a_mistake(change: dict[str, object]) -> None:
    with pytest.raises(AssertionError):
        replace(GOOD, **change)


@pytest.mark.parametrize(
    "columns",
    [
        {"member_numbers": [BUDI, ANI]},
        {"member_numbers": [ANI, ANI]},
        {"contributions": [1, 2, 3]},
        {"contribution_months": [MONTH, MONTH, MONTH]},
        {"contribution_months": [DAY]},
    ],
    ids=["out of order", "twice", "too many amounts", "too many months", "not a first day"],
)
def test_member_lines_that_do_not_fit_together_are_a_mistake(columns: dict[str, object]) -> None:
    with pytest.raises(AssertionError):
        MemberLines(**{"member_numbers": [ANI, BUDI], "contributions": [1], **columns})  # type: ignore[arg-type]


def test_one_value_stands_for_every_line_and_none_for_zero() -> None:
    lines = MemberLines([ANI, BUDI], contributions=[5], withdrawals=[1, 2])
    assert (lines.old_age, lines.pension, len(lines)) == (7, 0, 2)
    assert MemberLines().old_age == 0
    assert receipt("b", 5).members == MemberLines()


def test_a_draft_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        GOOD.key = "b"  # type: ignore[misc]


def test_two_hundred_thousand_lines_stay_small() -> None:
    numbers = [f"{number:011d}" for number in range(200_000)]
    amounts = [570_000 + number for number in range(200_000)]
    tracemalloc.start()
    total = sum(amounts)
    draft = Draft(
        "big",
        "contribution",
        DAY,
        (("bank", total), ("member_old_age", -total)),
        MemberLines(numbers, [MONTH], amounts),
    )
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(draft.members) == 200_000
    assert peak < 8_000_000, "a draft keeps the columns it was given"
