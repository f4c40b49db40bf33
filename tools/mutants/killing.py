"""One mutant put to the test, in a process of its own that ends with the answer: first the cases, then the tests.

The process is forked from one that has all but the law loaded. It imports the law afresh with the mutant in place
of one module, so that no value remembered by unchanged code hides what the change does.
"""

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import resource
import signal
import sys
import types
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from making import Mutant
from reaching import PACKAGE, Chosen, Reach, Recorder

ROOT = Path(__file__).resolve().parents[2]
LAW = ROOT / "src" / "lumbung" / "law"
TESTS = ROOT / "tests" / "law"
SURVIVED, KILLED_BY_CASES, KILLED_BY_TESTS, NO_MUTANT, FAILED = range(5)
_MOST_MEMORY = 4 * 2**30
_MOST_SECONDS = 60  # of processor; the law as it is needs fewer than ten for all there is
# What tests have in them that look at the law from a door, from another process or in its documents: what they
# would kill, a test at the law has to kill.
_ELSEWHERE = ("lumbung.cli", "import subprocess", '"docs"')
_PYTEST = ("-x", "-q", "--tb=no", "--assert=plain", "--override-ini=addopts=", f"--rootdir={ROOT}",
           f"--confcutdir={TESTS}", "-p", "no:cacheprovider", "-p", "no:randomly")  # fmt: skip

Parsed = dict[tuple[bytes, bool], Any]


def preload() -> None:
    """Import what every run needs, but nothing of the law: forked children have it already."""
    os.environ["LUMBUNG_FEWER"] = "50"
    for name in ("_pytest.assertion.rewrite", "hypothesis", "hypothesis.strategies", "yaml", "polib",
                 "decimal", "fractions", "json", "html.parser", "bisect", "_hypothesis_pytestplugin"):  # fmt: skip
        importlib.import_module(name)


def put_to_the_test(mutant: Mutant, parsed: Parsed, reach: Reach, likely: Sequence[str], tell: int) -> int:
    """Run the cases and the tests that reach the mutant; for a forked child only, which ends after it.

    `likely` are the tests to begin with; the name of the one that fails is written to the file `tell`.
    """
    signal.setitimer(signal.ITIMER_PROF, _MOST_SECONDS)
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    _silence()
    try:
        code = compile(
            mutant.source, str(LAW / f"{mutant.module.replace('.', '/')}.py"), "exec", dont_inherit=True
        )
    except SyntaxError:
        return NO_MUTANT
    sys.meta_path.insert(0, _Finder(mutant.module, code))
    try:
        if not _cases_hold(mutant.module, parsed):
            return KILLED_BY_CASES
    except BaseException:  # noqa: BLE001  # whatever a mutant does, the answer is that it was noticed
        return KILLED_BY_CASES
    return _tests_hold(reach.tests_of(mutant.module, mutant.place), likely, tell)


def reach_of_tests(parsed: Parsed) -> Reach | None:
    """Run the cases and all tests on the law as it is; None when something fails. For a forked child only."""
    _silence()
    if not _cases_hold("", parsed):
        return None
    recorder = Recorder(str(LAW))
    code = pytest.main([*_PYTEST, *map(str, _files())], plugins=[recorder])
    return recorder.reach if code == pytest.ExitCode.OK else None


def _silence() -> None:
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    os.chdir(ROOT)


def parsed_files() -> Parsed:
    """Every file of the law as its own reader reads it; for a forked child only, since it imports the law."""
    read = importlib.import_module(f"{PACKAGE}.exact_yaml").read
    found: Parsed = {}
    for folder, trusted in (("parameters", True), ("cases", False)):
        for path in sorted((LAW / folder).glob("*.yaml")):
            content = path.read_bytes()
            found[content, trusted] = read(content, trusted=trusted)
    return found


def _cases_hold(module: str, parsed: Parsed) -> bool:
    """Whether all cases hold; whatever the mutant raises comes out."""
    if module != "exact_yaml":
        _remember(parsed)
    check = importlib.import_module(f"{PACKAGE}.cases").check
    files = sorted((LAW / "cases").glob("*.yaml"))
    return all(outcome.passed for file in files for outcome in check(file.read_bytes()))


def _remember(parsed: Parsed) -> None:
    """Let the reader, which is as it was, answer for known files at once."""
    reader = importlib.import_module(f"{PACKAGE}.exact_yaml")
    read = reader.read

    def remembered(content: bytes, *, trusted: bool = False) -> Any:
        key = (content, trusted)
        return parsed[key] if key in parsed else read(content, trusted=trusted)

    reader.read = remembered


def _tests_hold(tests: Sequence[str], likely: Sequence[str], tell: int) -> int:
    """Run the tests that killed most before, then the others; tell the one that fails by writing to a file."""
    first = [test for test in likely if test in set(tests)]
    for some in (first, [test for test in tests if test not in set(first)]):
        if some:
            files = sorted({str(ROOT / test.partition("::")[0]) for test in some})
            chosen = Chosen(some)
            if pytest.main([*_PYTEST, *files], plugins=[chosen]) != pytest.ExitCode.OK:
                os.write(tell, chosen.failed.encode())
                return KILLED_BY_TESTS
    return SURVIVED


def _files() -> list[Path]:
    paths = sorted(TESTS.glob("test_*.py"))
    return [path for path in paths if not any(word in path.read_text(encoding="utf-8") for word in _ELSEWHERE)]


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the mutant where the import system looks for the module."""

    def __init__(self, module: str, code: types.CodeType) -> None:
        self._name = PACKAGE if module == "__init__" else f"{PACKAGE}.{module}".removesuffix(".__init__")
        self._path = LAW / f"{module.replace('.', '/')}.py"
        self._code = code

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        loader = _Loader(fullname, str(self._path), self._code)
        folder = [str(self._path.parent)] if self._path.name == "__init__.py" else None
        return importlib.util.spec_from_file_location(
            fullname, self._path, loader=loader, submodule_search_locations=folder
        )


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads the mutant in place of the file."""

    def __init__(self, name: str, path: str, code: types.CodeType) -> None:
        super().__init__(name, path)
        self._code = code

    def get_code(self, fullname: str) -> types.CodeType:
        return self._code
