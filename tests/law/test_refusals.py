"""What every rule refuses and with which facts: the input it names, its bounds and its words.

`refusals.txt` holds, for one case of each rule and segment, each input left out and replaced by each of
VALUES, grouped by what came of it. After a change that is meant, write it anew:
`python -m tests.law.test_refusals > tests/law/refusals.txt`.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from lumbung.errors import Refusal
from lumbung.law import cases, inputs
from lumbung.law.exact_yaml import read
from lumbung.law.rules import RULES
from lumbung.law.rules.explaining import explain
from lumbung.law.rules.rule import Malformed

FOLDER = Path(cases.__file__).parent / "cases"
KEPT = Path(__file__).parent / "refusals.txt"
LEFT_OUT = object()
VALUES = (
    *(LEFT_OUT, "nonsense", "Jakon", -1, 0, 1, 13, 101, 601, 1201, inputs.MOST_RUPIAH, inputs.MOST_RUPIAH + 1),
    *(
        Decimal("1.5"),
        True,
        [],
        ["nonsense"],
        [{}],
        [{"colour": 1}],
        "2014-01-01",
        "2014-01",
        "2099-01-01",
        "2099-01",
    ),
)


def outcome(ask: Callable[[], object], value: object) -> str:
    try:
        ask()
    except Refusal as refusal:
        told = {name: fact for name, fact in refusal.facts.items() if name != "subject"}  # a label
        facts = ", ".join(f"{name}={'…' if str(fact) == str(value) else fact}" for name, fact in told.items())
        return f"{type(refusal).__name__}({facts})"
    except Malformed as problem:
        return str(problem)
    return "taken"


def examples() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Of each rule and segment (kind, cause) the case with the longest inputs that has an answer."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for file in sorted(FOLDER.glob("*.yaml")):
        for case in read(file.read_bytes()):
            if "error" not in case["expect"]:
                kind = case["given"].get("segment", case["given"].get("kind", case["given"].get("cause", "")))
                at = case["rule"], kind
                found[at] = max(found.get(at, {}), case["given"], key=lambda given: len(str(given)))
    yield from ((f"{rule} {kind}".strip(), given) for (rule, kind), given in found.items())


def places(given: Mapping[str, Any], key: str) -> Iterator[tuple[str, Callable[[object], dict[str, Any]]]]:
    """Where a value can stand: the input itself, each column of its rows, each entry of its table."""
    yield key, lambda value: {each: it for each, it in {**given, key: value}.items() if it is not LEFT_OUT}
    found = given.get(key)
    if isinstance(found, list) and found and isinstance(found[0], dict):
        first, *others = found
        for column in first:
            yield (
                f"{key}.{column}",
                lambda value, column=column: {**given, key: [{**first, column: value}, *others]},
            )
    if isinstance(found, dict):
        first = next(iter(found))
        yield f"{key}.{first}", lambda value: {**given, key: {**found, first: value}}


def refusals() -> list[str]:
    lines = []
    for name, given in examples():
        rule = name.split()[0]
        for key in sorted(RULES[rule].of(given).given):
            for place, changed in places(given, key):
                grouped: dict[str, list[str]] = {}
                for value in VALUES if place == key else VALUES[1:]:
                    came = both(rule, changed(value), value)
                    grouped.setdefault(came, []).append("left out" if value is LEFT_OUT else repr(value))
                lines += [f"{name}, {place}: {', '.join(values)}: {came}" for came, values in grouped.items()]
    return lines


def both(rule: str, asked: dict[str, Any], value: object) -> str:
    """What comes of a question and of its explanation, told once when it is the same."""
    answered = outcome(lambda: RULES[rule].of(asked).answer(asked), value)
    explained = outcome(lambda: explain(rule, asked), value)
    return answered if answered == explained else f"{answered} | explained: {explained}"


def test_every_refusal_names_its_input_and_its_bounds() -> None:
    assert refusals() == KEPT.read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    print("\n".join(refusals()))
