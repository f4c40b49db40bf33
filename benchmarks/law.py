"""The law: what one assessment costs, and what a fresh process waits for until it has the law."""

import argparse
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from statistics import median

from benchmarks.measuring import Result, in_turns
from lumbung.law import contributions, explanations
from lumbung.law.month import Month

GOAL_SECONDS = 30e-6
GOAL_IMPORT_SECONDS = 0.1
ASSESSMENTS, EXPLANATIONS = 20_000, 400
MONTHS = [Month(2024, 1) + place for place in range(24)]
# Parts in ten thousand of the wage, and the cap of the two for the pension.
SHARES, PENSION_SHARES, CAP = (370, 200, 54, 30), (200, 100), 10_547_400
STARTS = {
    "nothing": "pass",
    "parts": "import yaml, fractions, decimal, hashlib, pathlib, dataclasses, datetime",
    "law": "import lumbung.law",
    "answer": (
        "import lumbung.law; from lumbung.law.month import Month; from lumbung.law.contributions import assess;"
        " assess(wage=5_000_000, month=Month(2025, 4), risk_class='II')"
    ),
}


def run(options: argparse.Namespace) -> Iterator[Result]:
    """All ratios of the group that were asked for."""
    names = set(options.names)
    if names & {"assessments_of_goal", "assessments_of_arithmetic", "explanations_of_assessments"}:
        yield from _assessments(options.rounds)
    if names & {"law_import_of_goal", "law_import_of_parts", "law_first_answer_of_import"}:
        yield from _starts(options.rounds)


def _assessments(rounds: int) -> Iterator[Result]:
    ours, plain, explained = (
        median(taken) for taken in in_turns(rounds, _assess, _arithmetic, _explain)
    )  # seconds for all of a side
    each, alone, told = ours / ASSESSMENTS, plain / ASSESSMENTS, explained / EXPLANATIONS
    figures = {"assessment_us": each * 1e6, "arithmetic_us": alone * 1e6, "explanation_us": told * 1e6}
    yield Result("assessments_of_goal", GOAL_SECONDS / each, f"{each * 1e6:.1f} µs an assessment", figures)
    words = f"{each * 1e6:.1f} µs an assessment, {alone * 1e6:.2f} µs its products alone"
    yield Result("assessments_of_arithmetic", alone / each, words, figures)
    words = f"{told * 1e6:.0f} µs a derivation with all its steps and clauses"
    yield Result("explanations_of_assessments", each / told, words, figures)


def _wages(count: int) -> Iterator[tuple[int, Month]]:
    """Wages below and above the cap, in two years of months."""
    return ((2_000_000 + 777 * place, MONTHS[place % len(MONTHS)]) for place in range(count))


def _assess(_round: int) -> None:
    for wage, month in _wages(ASSESSMENTS):
        contributions.assess(wage=wage, month=month, risk_class="II")


def _arithmetic(_round: int) -> None:
    for wage, _ in _wages(ASSESSMENTS):
        counted = min(wage, CAP)
        [(2 * wage * share + 10_000) // 20_000 for share in SHARES]
        [(2 * counted * share + 10_000) // 20_000 for share in PENSION_SHARES]


def _explain(_round: int) -> None:
    for wage, month in _wages(EXPLANATIONS):
        explanations.contribution(wage=wage, month=month, risk_class="II")


def _starts(rounds: int) -> Iterator[Result]:
    """Processor seconds of fresh processes, isolated from the user's environment, less those of an empty one.

    By the clock an import takes as much on a machine that does nothing else, and any multiple on a busy one.
    """
    spent: dict[str, list[float]] = {name: [] for name in STARTS}
    clock = in_turns(3 * rounds, *(_started(script, spent[name]) for name, script in STARTS.items()))
    taken = {name: median(seconds[1:]) for name, seconds in spent.items()}  # the first is the warm-up
    parts, law, answer = (taken[name] - taken["nothing"] for name in ("parts", "law", "answer"))
    figures = {f"{name}_processor_ms": seconds * 1000 for name, seconds in taken.items()}
    figures["law_clock_ms"] = median(clock[list(STARTS).index("law")]) * 1000
    words = (
        f"{law * 1000:.0f} ms of processor beyond the {taken['nothing'] * 1000:.0f} ms of an empty process;"
        f" {figures['law_clock_ms']:.0f} ms by the clock, with the process"
    )
    yield Result("law_import_of_goal", law / GOAL_IMPORT_SECONDS, words, figures)
    words = f"{law * 1000:.0f} ms, {parts * 1000:.0f} ms the parts alone"
    yield Result("law_import_of_parts", law / parts, words, figures)
    words = f"{answer * 1000:.0f} ms until the first answer"
    yield Result("law_first_answer_of_import", answer / law, words, figures)


def _started(script: str, spent: list[float]) -> Callable[[int], object]:
    """Start a process with the script, and note the processor seconds that it took."""

    def start(_round: int) -> None:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-I", "-c", script], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)

    return start
