"""The shape of every derivation, which programs read: the names of its steps, their operations and units.

`shapes.txt` holds, for each rule, every step that any case leads to. After a change that is meant, write it anew:
`python -m tests.law.test_shapes > tests/law/shapes.txt`; and tell the programs.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from lumbung.law import cases
from lumbung.law.derivation import Step, walk
from lumbung.law.exact_yaml import read
from lumbung.law.rules.explaining import explain

FOLDER = Path(cases.__file__).parent / "cases"
KEPT = Path(__file__).parent / "shapes.txt"


def lines(step: Step, above: str) -> Iterator[str]:
    """Each step as a line: the rule or step above it, its name, operation, unit and the value of the law it is."""
    of_law = "" if step.clause is None else f" of {step.clause.parameter}"
    name = re.sub(r"\d+$", "N", step.name)
    yield f"{above} > {name}: {step.operation}, {step.unit}{of_law}"
    for child in step.children:
        yield from lines(child, name)


def shapes() -> list[str]:
    found: set[tuple[str, str]] = set()
    for file in FOLDER.glob("*.yaml"):
        for case in read(file.read_bytes()):
            if "error" not in case["expect"]:
                rule = case["rule"]
                found |= {(rule, line) for line in lines(explain(rule, case["given"]), rule)}
    return [f"{rule}: {line}" for rule, line in sorted(found)]


def test_every_step_has_a_label_and_holds_the_value_of_the_law_that_it_names() -> None:
    for file in FOLDER.glob("*.yaml"):
        for case in read(file.read_bytes()):
            if "error" not in case["expect"]:
                for step in walk(explain(case["rule"], case["given"])):
                    assert isinstance(step.label, str), step.name
                    assert step.label, step.name
                    if step.clause is not None:
                        share = isinstance(step.value, Fraction)
                        assert str(step.value) == step.clause.value or (
                            share and step.value == Fraction(step.clause.value) / 100
                        ), step.name


def test_the_steps_of_every_derivation_keep_their_names_operations_and_units() -> None:
    assert shapes() == KEPT.read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    print("\n".join(shapes()))
