"""Which test of the law reaches which of its functions, and how long each takes: found out once, by a profile."""

import functools
import sys
import time
import types
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

PACKAGE = "lumbung.law"
# What the law reads once and remembers; a test counts as reaching these when it stands in their own test file.
_READ_ONCE = {f"{PACKAGE}.parameter", f"{PACKAGE}.exact_yaml"}


@dataclass(slots=True)
class Reach:
    """For each function of the law the tests that reach it, and for each test its seconds."""

    tests_by_function: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def tests_of(self, module: str, place: str) -> list[str]:
        """The tests that reach a function (`Month.parse`, or `(module)`), the quickest first."""
        outermost = ".".join(place.split(".")[:2])
        known = {at for at in self.tests_by_function if at[0] == module}
        at = {(module, outermost), (module, outermost.split(".")[0])} & known
        own = f"/test_{module.rpartition('.')[2]}.py::"
        found = {test for each in at or known for test in self.tests_by_function[each]}
        found |= {test for test in self.seconds if own in f"/{test}"}
        return sorted(found, key=lambda test: self.seconds[test])


class Recorder:
    """A plugin for pytest that fills a Reach."""

    def __init__(self, law: str) -> None:
        self.reach = Reach()
        self._law = law

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Watch one test, with nothing remembered of those before it."""
        _forget()
        seen: set[types.CodeType] = set()

        def watch(frame: types.FrameType, event: str, _: Any) -> None:
            if event == "call":
                seen.add(frame.f_code)

        started = time.process_time()
        sys.setprofile(watch)
        try:
            return (yield)
        finally:
            sys.setprofile(None)
            self.reach.seconds[item.nodeid] = time.process_time() - started
            for at in self._functions(seen):
                self.reach.tests_by_function.setdefault(at, set()).add(item.nodeid)

    def _functions(self, seen: Iterable[types.CodeType]) -> Iterator[tuple[str, str]]:
        for code in seen:
            if code.co_filename.startswith(self._law):
                module = code.co_filename.removeprefix(self._law).strip("/").removesuffix(".py").replace("/", ".")
                names = code.co_qualname.replace("<locals>.", "").split(".")
                yield module, ".".join(names[:2])
                yield module, names[0]


class Chosen:
    """A plugin for pytest that keeps some of the tests found, in the order given."""

    def __init__(self, tests: Iterable[str]) -> None:
        self._place = {test: place for place, test in enumerate(tests)}
        self.failed = ""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the chosen ones."""
        items[:] = sorted(
            (item for item in items if item.nodeid in self._place), key=lambda item: self._place[item.nodeid]
        )

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember what failed."""
        if report.failed:
            self.failed = report.nodeid


def _forget() -> None:
    """Empty every cache of the law but that of the files read."""
    for name, module in list(sys.modules.items()):
        for each in vars(module).values() if name.startswith(PACKAGE) else ():
            if isinstance(each, functools._lru_cache_wrapper) and each.__module__ not in _READ_ONCE:
                each.cache_clear()
