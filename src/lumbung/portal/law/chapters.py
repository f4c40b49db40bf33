"""The law's numbers as pages show them: by subject, with what holds today, each with its history."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lumbung.errors import Refusal, marked
from lumbung.law.derivation import UNITS
from lumbung.law.parameter import Parameter, Source, Value, parameters
from lumbung.law.proof import cases_by_parameter
from lumbung.law.telling import in_words, row_in_words

Translate = Callable[[str], str]
CASES_SHOWN = 12
# Which numbers a chapter holds, by how their names begin; the first chapter that fits.
CHAPTERS: Mapping[str, tuple[str, ...]] = {
    marked("Contributions of workers with an employer"): (
        *("jht_", "jp_", "jkk_", "jkm_", "pension_wage_cap", "programmes_", "relief_covid", "relief_labour"),
    ),
    marked("Contributions of all others"): (
        *("self_employed_base", "self_employed_j", "relief_self", "construction_", "migrant_"),
    ),
    marked("Days of payment and late fines"): ("due_", "late_fine", "self_employed_late"),
    marked("Old age (JHT): claims and tax"): ("old_age_", "income_tax", "no_tax_number"),
    marked("Pension (JP)"): ("pension_", "survivor_", "inflation", "economic_growth"),
    marked("Work accident (JKK) and death (JKM)"): (
        *("accident_", "temporary_", "disability_", "death_", "scholarship_"),
    ),
    marked("Job loss (JKP)"): ("job_loss_",),
    marked("Assumed here, no law"): ("projection_",),
}


@dataclass(frozen=True, slots=True)
class Now:
    """A number of the law today: what it says, or nothing where it is a table or not known."""

    name: str
    label: str
    told: str
    since: date | None


@dataclass(frozen=True, slots=True)
class Since:
    """One value with its start: rows of a key and what it says (a plain value has one row without a key).

    `title` is that of its source in the reader's language.
    """

    start: date
    rows: tuple[tuple[str, str], ...]
    source: Source
    title: str
    is_known: bool
    holds_today: bool


@dataclass(frozen=True, slots=True)
class History:
    """All values of one number, the newest first; `points` for a chart of a single number that changed."""

    name: str
    label: str
    unit: str
    values: tuple[Since, ...]
    points: tuple[tuple[date, Any], ...]
    points_unit: str
    cases: tuple[str, ...]
    more_cases: int

    @property
    def all_cases(self) -> int:
        """How many examples rest on it."""
        return len(self.cases) + self.more_cases


def all_chapters(today: date, translate: Translate) -> list[tuple[str, list[Now]]]:
    """Every parameter once, under its chapter."""
    found: dict[str, list[Now]] = {title: [] for title in CHAPTERS}
    for each in parameters().values():
        found[chapter_of(each.name)].append(_now(each, today, translate))
    return list(found.items())


def chapter_of(name: str) -> str:
    """The chapter of a parameter. StopIteration for one that has none yet: a test holds that none is."""
    return next(title for title, starts in CHAPTERS.items() if name.startswith(starts))


def _now(each: Parameter, today: date, translate: Translate) -> Now:
    try:
        value = each.at(today)
    except Refusal as refusal:
        told = (
            translate(marked("not known")) if refusal.code == "unknown" else translate(marked("not in force yet"))
        )
        return Now(each.name, each.label, told, None)
    is_table = isinstance(value.content, Mapping)
    told = translate(marked("a table")) if is_table else in_words(value.content, each.unit, translate)
    return Now(each.name, each.label, told, value.start)


def history(each: Parameter, today: date, translate: Translate) -> History:
    """One parameter from its first value to its last."""
    in_force = [value for value in each.values if value.start <= today]
    cases = cases_by_parameter().get(each.name, ())
    return History(
        name=each.name,
        label=each.label,
        unit=each.unit,
        values=tuple(
            Since(
                value.start,
                _rows(value, each.unit, translate),
                value.source,
                translate(value.source.title),
                value.content is not None,
                bool(in_force) and value is in_force[-1],
            )
            for value in reversed(each.values)
        ),
        points=tuple(_points(each)),
        points_unit=_unit(each.unit),
        cases=cases[:CASES_SHOWN],
        more_cases=max(len(cases) - CASES_SHOWN, 0),
    )


def _rows(value: Value, unit: str, translate: Translate) -> tuple[tuple[str, str], ...]:
    if not isinstance(value.content, Mapping):
        return (("", in_words(value.content, unit, translate)),)
    return tuple(row_in_words(key, item, unit, translate) for key, item in value.content.items())


def _points(each: Parameter) -> list[tuple[date, Any]]:
    """The values of a single number that has changed; none else, and none after it stopped being known."""
    known = [value for value in each.values if value.content is not None]
    single = all(isinstance(value.content, int) or hasattr(value.content, "as_tuple") for value in known)
    if len(known) < 2 or not single:
        return []
    is_share = each.unit.startswith("percent")
    return [(value.start, value.share() if is_share else value.whole()) for value in known]


def _unit(unit: str) -> str:
    """The unit of a parameter as charts and derivations name it."""
    word = unit.split(maxsplit=1)[0]
    return word if word in UNITS else "number"
