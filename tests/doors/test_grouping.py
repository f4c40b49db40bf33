"""What several threads want at the same time is done in one go, and each hears of his own."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from kannel_boxes import wait_until

from lumbung.grouping import Grouping


class Doing:
    """Doubles numbers, and keeps what it was asked at once. Zero, and whatever is done with it, fails.

    It waits for `may_go` first, so that others come meanwhile.
    """

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.may_go = threading.Event()
        self.has_begun = threading.Semaphore(0)

    def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.asked.append(list(numbers))
        self.has_begun.release()
        assert self.may_go.wait(60)
        return [2 * number // abs(number) * abs(number) for number in numbers]


def test_who_comes_alone_is_served_alone() -> None:
    doing = Doing()
    doing.may_go.set()
    grouping = Grouping(doing)
    assert [grouping(number) for number in (1, 2, 3)] == [2, 4, 6]
    assert doing.asked == [[1], [2], [3]]


def together(doing: Doing, numbers: Sequence[int]) -> list[int | str]:
    """What each hears when the first one keeps it busy until all the others have come."""
    grouping = Grouping(doing)

    def ask(number: int) -> int | str:
        try:
            return grouping(number)
        except ZeroDivisionError as failure:
            return type(failure).__name__

    with ThreadPoolExecutor(len(numbers)) as threads:
        first = threads.submit(ask, numbers[0])
        assert doing.has_begun.acquire(timeout=60)
        others = [threads.submit(ask, number) for number in numbers[1:]]
        wait_until(lambda: len(grouping._waiting) == len(others))
        doing.may_go.set()
        return [each.result(60) for each in (first, *others)]


def test_all_who_come_meanwhile_are_served_in_one_go() -> None:
    doing = Doing()
    assert together(doing, [1, 2, 3, 4, 5]) == [2, 4, 6, 8, 10]
    assert [sorted(asked) for asked in doing.asked] == [[1], [2, 3, 4, 5]]


def test_nobody_fails_for_what_another_brought() -> None:
    doing = Doing()
    assert together(doing, [1, 2, 0, 4]) == [2, 4, "ZeroDivisionError", 8]
    assert sorted(doing.asked[1]) == [0, 2, 4]
    assert sorted(map(tuple, doing.asked[2:])) == [(0,), (2,), (4,)]


def test_it_goes_on_after_a_failure() -> None:
    doing = Doing()
    doing.may_go.set()
    grouping = Grouping(doing)
    with pytest.raises(ZeroDivisionError):
        grouping(0)
    assert grouping(1) == 2


def test_who_is_interrupted_while_he_waits_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    doing = Doing()
    grouping = Grouping(doing)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(grouping, 1)
        assert doing.has_begun.acquire(timeout=60)
        with monkeypatch.context() as patch:
            patch.setattr(threading.Event, "wait", interrupted)
            with pytest.raises(KeyboardInterrupt):
                grouping(2)
        doing.may_go.set()
        assert first.result(60) == 2
        assert threads.submit(grouping, 3).result(60) == 6
    assert doing.asked == [[1], [3]]


def interrupted(event: threading.Event, timeout: float | None = None) -> bool:
    raise KeyboardInterrupt


def test_many_threads_for_long_each_hear_their_own() -> None:
    asked: list[int] = []

    def do(numbers: Sequence[int]) -> list[int]:
        asked.extend(numbers)
        return [2 * number for number in numbers]

    grouping = Grouping(do)
    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(grouping, range(5000))) == [2 * number for number in range(5000)]
    assert sorted(asked) == list(range(5000))
