"""The page of choices names every value that is unknown or rests on general knowledge, and nothing else."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

import lumbung.law
from lumbung.law.parameter import Parameter, parameters

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "law" / "choices.md").read_text(encoding="utf-8")
PARTS = dict(zip(("choices", "known", "unknown"), re.split(r"^## ", PAGE, flags=re.M)[1:], strict=True))
CODE = re.compile(r"`([a-z_]+(?:\.[A-Za-z_]+)+)`")


def named(text: str) -> set[str]:
    """The parameters that a text names in backticks."""
    return set(re.findall(r"`([a-z_]+)`", text)) & set(parameters())


def holds_unknown(content: object) -> bool:
    return content is None or (isinstance(content, Mapping) and "unknown" in content.values())


def doubtful(each: Parameter) -> bool:
    """Whether a value, or a row of a table, says K-med."""
    return any(value.source.confidence == "K-med" or "K-med" in str(value.content) for value in each.values)


def test_the_parts_of_the_page() -> None:
    assert [part.splitlines()[0] for part in PARTS.values()] == [
        "Choices", "Values from general knowledge (K-med)", "Values left unknown",
    ]  # fmt: skip


def test_every_unknown_value_is_named_and_no_other() -> None:
    unknown = {
        name for name, each in parameters().items() if any(holds_unknown(value.content) for value in each.values)
    }
    assert named(PARTS["unknown"]) == unknown


def test_every_doubtful_value_is_named_and_no_other() -> None:
    assert named(PARTS["known"]) == {name for name, each in parameters().items() if doubtful(each)}


@pytest.mark.parametrize("name", sorted(set(CODE.findall(PAGE))))
def test_every_function_that_is_named_exists(name: str) -> None:
    if name.startswith("lumbung."):
        assert pkgutil.resolve_name(name)
        return
    module, *path = name.split(".")
    if path == ["py"]:
        assert importlib.import_module(f"lumbung.law.{module}")
        return
    found = importlib.import_module(f"lumbung.law.{module}")
    for part in path:
        found = getattr(found, part)
    assert found


def test_every_parameter_that_is_named_exists() -> None:
    said = [word for words in re.findall(r"parameters? ((?:`[a-z_]+`(?:, | and )?)+)", PAGE)
            for word in re.findall(r"`([a-z_]+)`", words)]  # fmt: skip
    assert len(said) > 15
    assert set(said) <= set(parameters())


def test_every_choice_that_the_code_speaks_of_stands_on_the_page() -> None:
    spoken = set()
    for path in sorted(Path(lumbung.law.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and "(choice)" in (ast.get_docstring(node) or ""):
                spoken.add(f"{path.stem}.{node.name}")
    assert len(spoken) >= 3
    assert spoken <= set(CODE.findall(PARTS["choices"]))


# What the book of cases marks as a choice.
MARKED = {"month.months_later", "month.birthday", "fines.started_months", "development.CONVENTIONS"}


def test_every_choice_of_the_book_of_cases_stands_on_the_page() -> None:
    assert set(CODE.findall(PARTS["choices"])) >= MARKED
    assert named(PARTS["choices"]) >= {"pension_minimum", "pension_maximum"}
    assert "`holidays`" in PARTS["choices"]


def test_every_choice_says_why_and_where() -> None:
    rows = [line for line in PARTS["choices"].splitlines() if line.startswith("| ") and "---" not in line]
    for row in rows:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert len(cells) == 3, row
        assert all(cells), row
