"""`make mutants`: change the law in one place at a time, and count the changes that its cases and tests notice.

    tools/mutants/run.py [--module pension …] [--every 10] [--jobs 2] [--show MODULE:NUMBER …] [--count]

Prints killed, survived and timed out for each module and the share killed of all; the survivors with what was
changed are written to build/mutants/survivors.txt. Exits 1 when less than --least percent were killed.
"""

import argparse
import gc
import os
import pickle
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import killing
from making import Mutant, lines_changed, mutants_of
from reaching import Reach

OUTPUT = killing.ROOT / "build" / "mutants"
SURVIVORS = OUTPUT / "survivors.txt"
KILLED, BY_CASES, SURVIVED, TIMEOUT, NONE = "killed", "by cases", "survived", "timeout", "no program"
_FIRST = 4  # so many of the tests that killed most in a module come first
_HEADING = ("module", "mutants", KILLED, BY_CASES, SURVIVED, TIMEOUT, "% killed")


def main() -> int:
    """Run as the command line says; return the exit code."""
    asked = _arguments()
    modules = [module for module in _modules() if not asked.module or module in asked.module]
    if not modules:
        sys.exit(f"No such module; there are {', '.join(_modules())}")
    mutants = [each for module in modules for each in mutants_of(_path(module), module)[:: asked.every]]
    if asked.show:
        _show([each for each in mutants if each.name in asked.show])
        return 0
    if asked.count:
        _print_rows([(module, count) for module, count in Counter(each.module for each in mutants).items()])
        return 0
    sys.path[:0] = [str(killing.ROOT / "src"), str(killing.ROOT)]
    killing.preload()
    OUTPUT.mkdir(parents=True, exist_ok=True)
    SURVIVORS.write_text("")
    started = time.monotonic()
    run = _Run(asked.jobs)
    _print_rows([_HEADING])
    together: Counter[str] = Counter()
    for module in modules:
        mine = [each for each in mutants if each.module == module]
        counts = Counter(outcome for outcome in run.all(mine).values() if outcome != NONE)
        _print_rows([_row(module, counts)])
        together += counts
    _print_rows([_row("together", together)])
    print(f"The survivors: {SURVIVORS.relative_to(killing.ROOT)}")
    print(f"{time.monotonic() - started:.0f} seconds on {asked.jobs} processes")
    return int(_share(together) < asked.least)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--module", nargs="*", default=[], help="pension, rules.pension; all when left out")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--every", type=int, default=1, help="try only each so manieth mutant, for a quick look")
    parser.add_argument("--least", type=int, default=90, help="percent that have to be killed")
    parser.add_argument("--show", nargs="*", default=[], help="print what these mutants change, and run nothing")
    parser.add_argument("--count", action="store_true", help="count the mutants, and run nothing")
    return parser.parse_args()


def _modules() -> list[str]:
    paths = sorted(killing.LAW.rglob("*.py"))
    return [".".join(path.relative_to(killing.LAW).with_suffix("").parts) for path in paths]


def _path(module: str) -> Path:
    return killing.LAW / f"{module.replace('.', '/')}.py"


class _Run:
    """Forks a child for each mutant, so many at a time, and gathers how each ended."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._killers: defaultdict[str, Counter[str]] = defaultdict(Counter)
        gc.freeze()
        self._parsed: killing.Parsed = _in_child(killing.parsed_files)
        self._reach: Reach = _remembered(lambda: _in_child(lambda: killing.reach_of_tests(self._parsed)))
        self._try_out()

    def all(self, mutants: Sequence[Mutant]) -> dict[str, str]:
        """How each mutant ended, by its name."""
        waiting, found = list(reversed(mutants)), {}
        running: dict[int, tuple[Mutant, int]] = {}
        while waiting or running:
            while waiting and len(running) < self._jobs:
                child, told = self._fork(waiting[-1])
                running[child] = waiting.pop(), told
            child, status = os.wait()
            mutant, told = running.pop(child)
            with os.fdopen(told) as stream:
                self._killers[mutant.module].update(filter(None, [stream.read()]))
            found[mutant.name] = _meaning(status)
            _progress(len(found), len(mutants), mutant, found[mutant.name])
        return found

    def _try_out(self) -> None:
        """The law as it is must survive and a broken one must not, or the count would say nothing."""
        same = Mutant("month", 0, "(module)", 1, _path("month").read_text(encoding="utf-8"))
        broken = Mutant("month", -1, "(module)", 1, "raise ValueError")
        if self.all([same, broken]) != {same.name: SURVIVED, broken.name: BY_CASES}:
            sys.exit("The mutants can't be told from the law as it is.")

    def _fork(self, mutant: Mutant) -> tuple[int, int]:
        """A child that tries the mutant, and where it tells the test that failed."""
        told, tell = os.pipe()
        likely = [test for test, _ in self._killers[mutant.module].most_common(_FIRST)]
        child = os.fork()
        if not child:
            code = killing.FAILED
            try:
                code = killing.put_to_the_test(mutant, self._parsed, self._reach, likely, tell)
            finally:
                os._exit(code)
        os.close(tell)
        return child, told


def _meaning(status: int) -> str:
    if os.WIFSIGNALED(status):
        return TIMEOUT if os.WTERMSIG(status) == signal.SIGPROF else KILLED
    if os.WEXITSTATUS(status) == killing.FAILED:
        raise AssertionError("a run failed by itself, not by its mutant")
    endings = {killing.SURVIVED: SURVIVED, killing.KILLED_BY_CASES: BY_CASES, killing.NO_MUTANT: NONE}
    return endings.get(os.WEXITSTATUS(status), KILLED)


def _remembered(find_out: Callable[[], Reach | None]) -> Reach:
    """Which tests reach what, found out anew when the law or its tests have changed."""
    digest = sha256()
    for path in sorted([*killing.LAW.rglob("*.*"), *killing.TESTS.glob("*.py")]):
        if path.suffix in {".py", ".yaml"}:
            digest.update(path.read_bytes())
    kept = OUTPUT / f"reach-{digest.hexdigest()[:16]}"
    if kept.exists():
        return pickle.loads(kept.read_bytes())  # type: ignore[no-any-return]
    reach = find_out()
    if reach is None:
        sys.exit("The law as it is fails its own cases or tests; mutants would prove nothing.")
    kept.write_bytes(pickle.dumps(reach))
    return reach


def _in_child(function: Callable[[], Any]) -> Any:
    """What a function returns that may import the law, computed in a process of its own."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        with os.fdopen(writer, "wb") as stream:
            pickle.dump(function(), stream)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        found = pickle.load(stream)
    os.waitpid(child, 0)
    return found


def _progress(done: int, of: int, mutant: Mutant, outcome: str) -> None:
    """Write a survivor down at once, and count for who watches."""
    if outcome in {SURVIVED, TIMEOUT} and mutant.number:
        with SURVIVORS.open("a", encoding="utf-8") as stream:
            print(_told(mutant, outcome), file=stream)
    if sys.stderr.isatty():
        print(f"\r{done} of {of}", end="\n" if done == of else "", file=sys.stderr, flush=True)


def _row(module: str, counts: Counter[str]) -> tuple[object, ...]:
    by_cases = counts[BY_CASES]
    killed = counts[KILLED] + by_cases
    total = killed + counts[SURVIVED] + counts[TIMEOUT]
    return (module, total, killed, by_cases, counts[SURVIVED], counts[TIMEOUT], f"{_share(counts):.1f}")


def _share(counts: Counter[str]) -> float:
    """Percent killed: a mutant that never ends is one that nobody could overlook."""
    total = sum(counts.values())
    return 100 * (total - counts[SURVIVED]) / total if total else 100.0


def _print_rows(rows: Iterable[Sequence[object]]) -> None:
    for first, *others in rows:
        print(f"{first!s:<24}" + "".join(f"{each!s:>10}" for each in others), flush=True)


def _show(mutants: Sequence[Mutant]) -> None:
    for each in mutants:
        print(_told(each, ""))


def _told(mutant: Mutant, outcome: str) -> str:
    before = _path(mutant.module).read_text(encoding="utf-8")
    changed = "\n".join(lines_changed(before, mutant.source))
    return f"{mutant.name} {outcome} {mutant.module}.py:{mutant.line} {mutant.place}\n{changed}\n"


if __name__ == "__main__":
    sys.exit(main())
