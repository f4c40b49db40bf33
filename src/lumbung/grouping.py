"""Several threads that want the same done at the same time have it done in one go."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


@dataclass(slots=True, repr=False, eq=False)
class _Asked(Generic[T, R]):
    """What one thread waits for: its result, or its turn to work for all who wait."""

    item: T
    leads: bool
    called: threading.Event = field(default_factory=threading.Event)
    results: Sequence[R] = ()


class Grouping(Generic[T, R]):
    """Does for several threads at once what they ask while it was busy for others.

    Who finds nobody at work does his own at once, so nobody waits for others to come. When `do` fails for several,
    each does his own alone, so that nobody fails for another's item.
    """

    def __init__(self, do: Callable[[Sequence[T]], Sequence[R]]) -> None:
        self._do = do
        self._lock = threading.Lock()
        self._waiting: list[_Asked[T, R]] = []
        self._is_busy = False

    def __call__(self, item: T) -> R:
        """What `do` says of the item. Raises what it raises for the item alone."""
        with self._lock:
            mine: _Asked[T, R] = _Asked(item, leads=not self._is_busy)
            self._is_busy = True
            self._waiting.append(mine)
        if not mine.leads:
            self._wait(mine)
        if mine.leads:
            self._work()
        if not mine.results:
            mine.results = self._do([item])
        return mine.results[0]

    def _wait(self, mine: _Asked[T, R]) -> None:
        try:
            mine.called.wait()
        except BaseException:  # a signal came: nobody may wait for who has gone
            with self._lock:
                if mine in self._waiting:
                    self._waiting.remove(mine)
            if mine.leads:
                self._hand_over()
            raise

    def _work(self) -> None:
        """Do what waits, mine among it, and leave what has come meanwhile to the first of those who brought it."""
        with self._lock:
            some, self._waiting = self._waiting, []
        try:
            for each, result in zip(some, self._do([each.item for each in some]), strict=True):
                each.results = (result,)
        except Exception:
            if len(some) == 1:
                raise
        finally:
            self._hand_over()
            for each in some:
                each.called.set()

    def _hand_over(self) -> None:
        with self._lock:
            self._is_busy = bool(self._waiting)
            if self._waiting:
                self._waiting[0].leads = True
                self._waiting[0].called.set()
