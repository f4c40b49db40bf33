"""`lumbung law accident` and `lumbung law death`: what a work accident or a death gives."""

from datetime import date
from typing import Any

import click

from lumbung.cli.law.data import refusals, rupiah, today
from lumbung.cli.law.result import Result
from lumbung.errors import Refusal
from lumbung.law import accident as law
from lumbung.law import death as deaths
from lumbung.law import inputs
from lumbung.law.derivation import of_law
from lumbung.law.errors import BadPercent, MissingInput, NotApplicable, NotTogether
from lumbung.law.parameter import CONFIDENCES, SOURCED

_ONLY = {
    "table_percent": ("partial_disability", "loss_of_function"),
    "disability": ("partial_disability", "loss_of_function"),
    "loss_percent": ("loss_of_function",),
    "months_off": ("temporary",),
    "children": ("death", "total_disability"),
}


@click.command()
@click.option(
    "--kind",
    metavar="KIND",
    help="death, total_disability, partial_disability, loss_of_function or temporary (not able to work).",
)
@click.option("--wage", help="Last monthly wage reported, digits only.", metavar="RUPIAH")
@click.option("--day", help="Day of the accident.  [default: today]", metavar="YYYY-MM-DD")
@click.option("--disability", help="Row of the table of disabilities; --table lists them.", metavar="CODE")
@click.option("--table-percent", help="Its percentage, where a doctor chose or several count.", metavar="PERCENT")
@click.option("--loss-percent", help="loss_of_function: how much of it is lost.", metavar="PERCENT")
@click.option("--months-off", help="temporary: whole months without work.", metavar="MONTHS")
@click.option("--children", help="death, total_disability: children at school, 1 or 2.", metavar="NUMBER")
@click.option("--table", is_flag=True, help="Show the table of disabilities instead.")
@click.option("--json", "as_json", is_flag=True, help="The same as data.")
def accident(as_json: bool, table: bool, day: str | None, **given: Any) -> None:
    """What a work accident gives (JKK), with the clause behind each figure."""
    with refusals(as_json):
        on = today() if day is None else inputs.day(day)
        said = {name: value for name, value in given.items() if value is not None}
        result = _table(on) if table else _accident(on, said)
    title = f"Disabilities on {on}" if table else f"Work accident on {on}: {said['kind'].replace('_', ' ')}"
    result.print(title, as_json=as_json)


def _accident(on: date, said: dict[str, Any]) -> Result:
    for name in ("kind", "wage"):
        if name not in said:
            raise MissingInput(what=name)
    kind = inputs.choice(said["kind"], "kind", law.KINDS)
    for name, kinds in _ONLY.items():
        if name in said and kind not in kinds:
            raise NotApplicable(rule=name, what="kind", value=kind, choices=", ".join(kinds))
    wage = inputs.wage(rupiah(said["wage"], "wage"))
    asked = {name: said[name] for name in ("table_percent", "loss_percent", "months_off") if name in said}
    if "disability" in said:
        asked["table_percent"] = _percent_of(said, on)
    got = law.accident(kind=kind, wage=wage, day=on, **asked)
    told: dict[str, Any] = {
        name: _plain(value) if name.endswith("percent") else value for name, value in asked.items()
    }
    result = Result({"kind": kind, "wage": wage, "day": on, "disability": said.get("disability")})
    result.asked.update(told)
    steps = {step.name: step for step in got.derivation.children}
    result.add("compensation", "Compensation", got.compensation, steps["compensation"])
    if got.periodic is not None:
        result.add("periodic", "Periodic money, all months at once", got.periodic, steps["periodic"])
    if got.funeral is not None:
        result.add("funeral", "Funeral", got.funeral, steps["accident_funeral"])
    result.add("total", "Together", got.total, bold=True)
    if "children" in said:
        _add_scholarship(result, said["children"], on)
    ways = {way: of_law("accident_transport", on, way, unit="rupiah") for way in law.WAYS}
    result.add("transport", "Way to treatment or home, at most", {way: step.whole for way, step in ways.items()},
               *ways.values())  # fmt: skip
    result.notes.append("Treatment at a hospital of the programme costs nothing, without a limit.")
    return result


def _percent_of(said: dict[str, Any], on: date) -> object:
    """The percentage of a row of the table; a row with a range needs the one that the doctor chose."""
    table = law.disabilities(on)
    row = table[inputs.choice(said["disability"], "disability", table)]
    chosen = said.get("table_percent")
    if row.least == row.most and row.per is None:
        if chosen is not None:
            raise NotTogether(what="disability", other="table_percent")
        return row.least
    if chosen is None:
        raise MissingInput(what="table_percent")
    percent = inputs.percent(chosen, "table_percent") * 100
    if row.per is None and not row.least <= percent <= row.most:
        raise BadPercent(what="table_percent", least=row.least, most=row.most)
    return percent


def _table(on: date) -> Result:
    """The table of disabilities, in the statute's own words."""
    result = Result({"day": on})
    found = of_law("disability_table", on, unit="words")
    for code, row in law.disabilities(on).items():
        percent = f"{_plain(row.least)}" + ("" if row.least == row.most else f"-{_plain(row.most)}")
        told = f"{percent} %" + (f" per {row.per}" if row.per else "")
        result.add(
            code,
            f"{code}: {row.name}",
            told + ("" if row.confidence == SOURCED else f" ({CONFIDENCES[row.confidence]})"),
        )
    assert found.clause is not None
    result.notes.append(f"{found.clause.source.title}, from {found.clause.start}.")
    result.notes.append("How several disabilities add up is not known.")
    return result


def _plain(percent: Any) -> str:
    """A percentage without the zeros behind its last digit."""
    return f"{float(inputs.exact(percent) or 0):g}"


@click.command()
@click.option("--day", help="Day of the death.  [default: today]", metavar="YYYY-MM-DD")
@click.option("--children", help="Children at school, 1 or 2.", metavar="NUMBER")
@click.option("--json", "as_json", is_flag=True, help="The same as data.")
def death(as_json: bool, day: str | None, children: str | None) -> None:
    """What heirs get for a death without work accident (JKM), with the clause behind each figure."""
    with refusals(as_json):
        on = today() if day is None else inputs.day(day)
        got = deaths.death(on)
        result = Result({"day": on})
        steps = got.derivation.children
        for step, (name, label) in zip(steps, _PARTS.items(), strict=True):
            result.add(name, label, getattr(got, name), step)
        result.add("total", "Together", got.total, bold=True)
        if children is not None:
            _add_scholarship(result, children, on)
        if children is not None and result.rows[-1].name == "scholarship":
            result.add("years_needed", "Years of contributions it needs", deaths.scholarship_after(on),
                       of_law("death_scholarship_years", on, unit="years"))  # fmt: skip
    result.print(f"Death on {on}", as_json=as_json)


_PARTS = {"compensation": "Compensation", "periodic": "Periodic money, all months at once", "funeral": "Funeral"}


def _add_scholarship(result: Result, children: str, on: date) -> None:
    number = inputs.count(children, "children", 1, 100)
    result.asked["children"] = number
    try:
        most = deaths.scholarship(children=number, day=on)
    except Refusal as refusal:
        if refusal.code == "bad_input":
            raise
        result.notes.append(str(refusal))
        return
    result.add("scholarship", "Scholarships, at most", most.maximum, most.derivation)
    result.notes.append("A scholarship is claimed each year and ends at 23, at marriage or with work.")
