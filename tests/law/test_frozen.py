"""The parameters are read once, when they are asked for, into tables that nobody can change."""

import subprocess
import sys
from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

import pytest

from lumbung.law.parameter import Parameter, parameter, parameters

SCRIPT = """
import lumbung.law
from lumbung.law import parameter
from lumbung.law.contributions import assess
from lumbung.law.month import Month
read = [parameter.parameter.cache_info().misses]
for _ in range(3):
    assess(wage=5_000_000, month=Month(2025, 4), risk_class="I")
    read.append(parameter.parameter.cache_info().misses)
print(*read)
"""


def inside(content: Any) -> Iterator[Any]:
    """A value and all that it holds."""
    yield content
    if isinstance(content, MappingProxyType):
        for key, item in content.items():
            yield from (key, *inside(item))
    if isinstance(content, tuple):
        for item in content:
            yield from inside(item)


@pytest.mark.parametrize("each", parameters().values(), ids=lambda each: each.name)
def test_no_value_can_be_changed(each: Parameter) -> None:
    for value in each.values:
        assert {type(part) for part in inside(value.content)}.isdisjoint({dict, list, set, bytearray})
    with pytest.raises(AttributeError):
        each.values[0].content = 1  # type: ignore[misc]


def test_a_table_refuses_to_be_changed() -> None:
    rates = parameter("jkk_rate").latest().content
    with pytest.raises(TypeError):
        rates["I"] = 0
    assert isinstance(parameter("migrant_old_age_choices").latest().content, tuple)
    with pytest.raises(TypeError):
        parameters()["jkk_rate"] = parameter("jkm_rate")  # type: ignore[index]


def test_a_parameter_is_read_once_and_one_that_is_not_there_is_a_slip_of_the_programmer() -> None:
    assert parameter("jkk_rate") is parameter("jkk_rate") is parameters()["jkk_rate"]
    with pytest.raises(KeyError, match="tithe"):
        parameter("tithe")


def test_importing_the_law_reads_no_file_and_an_assessment_reads_only_what_it_asks() -> None:
    done = subprocess.run([sys.executable, "-I", "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert [int(word) for word in done.stdout.split()] == [0, 7, 7, 7]
