"""Derivations: how a figure follows from the law, as a tree of named steps that anyone can recompute.

A leaf is a fact that was given or a value of the law; every other step names its operation, and its value is that
operation over the values of its children, left to right. `derived` is the only way to make one, so that a step
cannot say one thing and hold another.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from html import escape
from typing import Any, TypeAlias

from lumbung.errors import marked, unchanged
from lumbung.law import inputs, writing
from lumbung.law.clauses import Clause, clause
from lumbung.law.due_dates import numbered_day, working_day
from lumbung.law.errors import Unknown
from lumbung.law.fines import started_months
from lumbung.law.month import Month, birthday, months_later
from lumbung.law.parameter import parameter, version

Answer: TypeAlias = int | Fraction | date | Month | bool | str | None
Translate: TypeAlias = Callable[[str], str]
_FINE = Context(prec=250)  # digits for twelfth roots over two hundred years; a result is whole rupiah
_CERTAIN = Decimal(1).scaleb(-100)
# Words that a step may hold as its value, and how people say them.
WORDS: Mapping[str, str] = {"periodic": marked("every month"), "lump_sum": marked("in one sum")}
UNITS = ("rupiah", "percent", "factor", "months", "years", "days", "day", "month", "number", "words", "yes_or_no")


@dataclass(frozen=True, slots=True)
class Operation:
    """What a step does with its children: a formula in words and the function behind it."""

    words: str
    compute: Callable[..., Answer]


@dataclass(frozen=True, slots=True)
class Step:
    """One named value. `operation` is a key of OPERATIONS, or `given` or `parameter` for a leaf.

    `label` is an English sentence of the message catalogue. `value` has the unit `unit` (one of UNITS); a
    percentage is an exact share of one.
    """

    name: str
    label: str
    value: Answer
    unit: str
    operation: str
    children: tuple["Step", ...] = ()
    clause: Clause | None = None

    def find(self, name: str) -> "Step":
        """The first step of this name, in reading order. KeyError when there is none."""
        for step in walk(self):
            if step.name == name:
                return step
        raise KeyError(name)

    @property
    def whole(self) -> int:
        """The value as a whole number."""
        assert type(self.value) is int, f"{self.name} is {self.value!r}"
        return self.value


def walk(step: Step) -> Iterator[Step]:
    """A step and all below it, in reading order."""
    yield step
    for child in step.children:
        yield from walk(child)


def given(name: str, label: str, value: Answer, unit: str) -> Step:
    """A fact that was given."""
    assert unit in UNITS, unit
    return Step(name, label, value, unit, "given")


def of_law(
    name: str, day: date, key: str | int | None = None, *, unit: str = "percent", step_name: str = ""
) -> Step:
    """The value of a parameter in force on a day. Raises NotYetInForce and Unknown.

    With the unit `percent` the value is the exact share of one; else the whole number or text as it stands.
    """
    assert unit in UNITS, unit
    dated = parameter(name)
    found = dated.at(day)
    content = found.content if key is None else found.content[key]
    if content == "unknown":
        raise Unknown(subject=dated.label, start=found.start, day=day)
    value: Answer = found.share(key) if unit in {"percent", "factor"} else content
    return Step(step_name or name, dated.label, value, unit, "parameter", (), clause(name, day, key))


def derived(name: str, label: str, operation: str, *children: Step, unit: str = "rupiah") -> Step:
    """A value computed from other steps by one of OPERATIONS."""
    assert unit in UNITS, unit
    value = OPERATIONS[operation].compute(*(child.value for child in children))
    return Step(name, label, value, unit, operation, children)


def _half_up_product(*factors: Any) -> int:
    return inputs.half_up(_product(*factors))


def _product(*factors: Any) -> Fraction:
    result = 1
    for factor in factors:
        result *= factor
    return Fraction(result)


def _sum_of_products(*pairs: Any) -> Fraction:
    return Fraction(sum(first * second for first, second in zip(pairs[::2], pairs[1::2], strict=True)))


def _weighted_average(*pairs: Any) -> Fraction:
    weights = sum(pairs[1::2])
    return _sum_of_products(*pairs) / weights if weights else Fraction(0)


def _to_multiple(value: Any, step: Any, up: bool) -> int:
    whole = -(-value // step) if up else value // step
    return int(whole * step)


@lru_cache(maxsize=64)
def _year_of_roots(rate: Fraction) -> tuple[Decimal, Decimal]:
    """The growth of a year, and what twelve payments of one rupiah at the start of each month come to."""
    with localcontext(_FINE):
        growth = 1 + Decimal(rate.numerator) / rate.denominator
        step = growth ** (Decimal(1) / 12)
        return growth, sum((step**months for months in range(1, 12)), growth)


def _year_by_twelfth_roots(balance: Any, monthly: Any, rate: Any) -> Fraction:
    """A year of the ministry's plan, to a hundred places."""
    growth, payments = _year_of_roots(Fraction(rate))
    with localcontext(_FINE):
        end = Decimal(balance.numerator) / balance.denominator * growth + monthly * payments
        return Fraction(end.quantize(_CERTAIN))


OPERATIONS: Mapping[str, Operation] = {
    "sum": Operation(marked("added together"), lambda *parts: sum(parts)),
    "difference": Operation(marked("the first less the others"), lambda first, *rest: first - sum(rest)),
    "product": Operation(marked("multiplied, not rounded"), _product),
    "whole_product": Operation(marked("multiplied"), lambda *factors: int(_product(*factors))),
    "rounded_product": Operation(marked("multiplied, rounded half-up to whole rupiah"), _half_up_product),
    "product_rounded_down": Operation(
        marked("multiplied, rounded down to whole rupiah"), lambda *factors: int(_product(*factors) // 1)
    ),
    "quotient": Operation(marked("the first divided by the second, not rounded"), lambda a, b: Fraction(a) / b),
    "rounded": Operation(marked("rounded half-up to whole rupiah"), lambda exact: inputs.half_up(Fraction(exact))),
    "over": Operation(marked("the first less the second, never below zero"), lambda a, b: max(a - b, 0)),
    "part_between": Operation(
        marked("what lies both between the first and the second, and between the third and the fourth"),
        lambda start, end, lower, upper: max(min(end, upper) - max(start, lower), 0),
    ),
    "sum_of_products": Operation(
        marked("each first of two times its second, added, not rounded"), _sum_of_products
    ),
    "smallest": Operation(marked("the smallest of these"), lambda *parts: min(parts)),
    "largest": Operation(marked("the largest of these"), lambda *parts: max(parts)),
    "down_to_multiple": Operation(
        marked("the first rounded down to a multiple of the second"),
        lambda value, step: _to_multiple(value, step, False),
    ),
    "up_to_multiple": Operation(
        marked("the first rounded up to a multiple of the second"),
        lambda value, step: _to_multiple(value, step, True),
    ),
    "same": Operation(marked("taken over"), lambda value: value),
    "if_so": Operation(
        marked("when the first is true the second, else the third"),
        lambda so, then, otherwise: then if so else otherwise,
    ),
    "at_least": Operation(marked("is the first at least the second?"), lambda a, b: a >= b),
    "before": Operation(marked("is the first before the second?"), lambda a, b: a < b),
    "all_of": Operation(marked("are all of these true?"), lambda *parts: all(parts)),
    "any_of": Operation(marked("is one of these true?"), lambda *parts: any(parts)),
    "months_after": Operation(
        marked("the same day so many months on, or the last day of that month"),
        months_later,
    ),
    "started_months": Operation(
        marked("months from the first day to the second, a month that has started counts"), started_months
    ),
    "birthday": Operation(
        marked("the birthday with so many years, 1 March for 29 February in common years"), birthday
    ),
    "weighted_average": Operation(
        marked("each first of two times its second, added, divided by the seconds added"), _weighted_average
    ),
    "first_of_next_month": Operation(
        marked("the first day of the month after"), lambda day: (Month.of(day) + 1).first_day
    ),
    "month_before": Operation(marked("the month before the one of the day"), lambda day: Month.of(day) - 1),
    "day_of_month_after": Operation(
        marked("so many months on, the day of that number, or the last day of a shorter month"),
        lambda month, months, number: numbered_day(month + months, number),
    ),
    "working_day": Operation(
        marked("the first from this day on that is no Saturday, no Sunday and none of the other days"),
        lambda day, *closed: working_day(day, closed),
    ),
    "year_by_twelfth_roots": Operation(
        marked(
            "a year in which the first grows by the third; the second is added at the start of each month and "
            "grows by the twelfth root of a year's growth for each month to the end"
        ),
        _year_by_twelfth_roots,
    ),
    "answer": Operation(
        marked("the first of these is the answer, the others belong to it"), lambda first, *rest: first
    ),
}


def recomputed(step: Step) -> Answer:
    """What the step's operation gives for the values that its children hold; a leaf's own value."""
    if step.operation in {"given", "parameter"}:
        return step.value
    return OPERATIONS[step.operation].compute(*(child.value for child in step.children))


def render(step: Step, form: str, translate: Translate = unchanged) -> str:
    """A derivation as `text`, `json` or `html` (a nested list to open and close), with the version of the law."""
    return _FORMS[form](step, translate)


def as_data(step: Step, translate: Translate = unchanged) -> dict[str, Any]:
    """A step as plain data: exact values, so that a program can recompute them."""
    data: dict[str, Any] = {
        "name": step.name,
        "label": translate(step.label),
        "value": plain(step.value),
        "unit": step.unit,
        "operation": step.operation,
        "formula": _formula(step, translate),
    }
    if step.clause is not None:
        data["clause"] = {
            "parameter": step.clause.parameter,
            "key": step.clause.key,
            "from": step.clause.start.isoformat(),
            "title": translate(step.clause.source.title),
            "url": step.clause.source.url,
            "confidence": step.clause.source.confidence,
        }
    if step.children:
        data["steps"] = [as_data(child, translate) for child in step.children]
    return data


def plain(value: Answer) -> int | str | bool | None:
    """A value as JSON can hold it without loss: days as YYYY-MM-DD, fractions as `numerator/denominator`."""
    if isinstance(value, Fraction):
        if value.denominator == 1:
            return int(value)
        return f"{Decimal(value.numerator):f}/{Decimal(value.denominator):f}"  # of any length
    if isinstance(value, (date, Month)):
        return str(value)
    return value


def written(step: Step, translate: Translate = unchanged) -> str:
    """A step's value for people, as its language writes it: percentages to four places, months by name."""
    value = step.value
    if value is None:
        return translate(marked("none"))
    if isinstance(value, bool):
        return translate(marked("yes") if value else marked("no"))
    if isinstance(value, (int, Fraction)):
        return _number(Fraction(value), step.unit, translate)
    if isinstance(value, date):
        return writing.day(value, translate)
    return writing.month(value, translate) if isinstance(value, Month) else translate(WORDS.get(value, value))


def _number(value: Fraction, unit: str, translate: Translate) -> str:
    if unit == "percent":
        return writing.percent(value, translate)
    return writing.rupiah(value, translate) if unit == "rupiah" else writing.number(value, 6, translate)


def _formula(step: Step, translate: Translate) -> str:
    if step.operation == "given":
        return translate(marked("given"))
    if step.clause is not None:
        since = translate(marked("law, since {day}")).format(day=writing.day(step.clause.start, translate))
        return f"{since}: {step.clause.source.said(translate)}"
    return translate(OPERATIONS[step.operation].words)


def _text(step: Step, translate: Translate) -> str:
    lines = []
    shown: set[int] = set()

    def add(each: Step, depth: int) -> None:
        how = _again(each, shown, translate) or _formula(each, translate)
        lines.append(f"{'  ' * depth}{translate(each.label)}: {written(each, translate)}  ({how})")
        for child in () if id(each) in shown else each.children:
            add(child, depth + 1)
        shown.add(id(each))

    add(step, 0)
    lines.append(translate(marked("Law version {version}")).format(version=version()))
    return "\n".join(lines)


def _json(step: Step, translate: Translate) -> str:
    return json.dumps(
        {"law_version": version(), "derivation": as_data(step, translate)}, indent=2, ensure_ascii=False
    )


def _html(step: Step, translate: Translate) -> str:
    end = escape(translate(marked("Law version {version}")).format(version=version()))
    return f'<div class="derivation">{_html_step(step, translate, set(), is_open=True)}<p>{end}</p></div>'


def _html_step(step: Step, translate: Translate, shown: set[int], *, is_open: bool = False) -> str:
    label, value = escape(translate(step.label)), escape(written(step, translate))
    again = _again(step, shown, translate)
    how = escape(again or _formula(step, translate))
    line = f"<span>{label}</span> <strong>{value}</strong> <small>{how}</small>"
    if again or not step.children:
        return f"<p>{line}</p>"
    inner = "".join([f"<li>{_html_step(child, translate, shown)}</li>" for child in step.children])
    shown.add(id(step))
    return f"<details{' open' if is_open else ''}><summary>{line}</summary><ul>{inner}</ul></details>"


def _again(step: Step, shown: set[int], translate: Translate) -> str:
    """The word for a step whose own steps stand above already; nothing for others."""
    return translate(marked("as above")) if step.children and id(step) in shown else ""


_FORMS: Mapping[str, Callable[[Step, Translate], str]] = {"text": _text, "json": _json, "html": _html}
