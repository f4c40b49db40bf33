"""`lumbung law projection`: three scenarios side by side, every assumption shown and changeable."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lumbung.cli.law import command
from lumbung.law.projection import NOTES

MEMBER = ("--born", "1990-05-17", "--wage", "6000000", "--balance", "20000000", "--paid", "2025-02=342000",
          "--pension-wage", "2023=5000000", "--pension-wage", "2024=5500000", "--pension-months", "2023=11",
          "--day", "2025-03-10")  # fmt: skip


def run(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(command, ["projection", *arguments])


def data(*arguments: str) -> dict[str, Any]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.output)
    return found


def test_three_scenarios_stand_side_by_side_with_what_they_assume() -> None:
    output = run(*MEMBER).output
    for words in ("low", "middle", "high", "Prices rise, % a year", "Old-age savings on 2046-05-17", "no promise",
                  "Pension from 2055-06-01", "in today's prices", "Law version"):  # fmt: skip
        assert words in output
    told = data(*MEMBER)
    sums = [told[scenario]["old_age"]["today"] for scenario in ("low", "middle", "high")]
    assert sums == sorted(sums)
    assert f"{sums[1]:,}" in output
    assert len(told["middle"]["years"]) == 22
    assert told["middle"]["pension_months"] == 23 + 9 + 29 * 12 + 4 + 12 - 12


def test_an_assumption_is_changed_for_all_or_for_one() -> None:
    told = data(*MEMBER, "--assume", "inflation=4.25", "--assume", "low.development=1")
    assert {told[name]["assumptions"]["inflation"] for name in ("low", "middle", "high")} == {"4.25"}
    assert [told[name]["assumptions"]["development"] for name in ("low", "middle")] == ["1", "5.0"]
    assert told["low"]["old_age"]["future"] < data(*MEMBER)["low"]["old_age"]["future"]


def test_a_lump_sum_says_what_is_left_out() -> None:
    arguments = (
        "--born",
        "1967-06-15",
        "--wage",
        "6000000",
        "--day",
        "2025-03-10",
        "--pension-wage",
        "2024=5000000",
    )
    output = " ".join(run(*arguments).output.split())
    assert "in one sum" in output
    assert NOTES["lump_sum"] in output
    assert data(*arguments)["low"]["pension"]["future"] >= 12 * 150_000


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--born", "1990-02-30"), "is not a day"),
        (("--born", "1990-01-01", "--wage", "6.000"), "wage must be rupiah"),
        (("--born", "1990-01-01", "--assume", "growth=3"), "assume must be one of development, "),
        (("--born", "1990-01-01", "--assume", "worst.inflation=3"), "assume must be one of high, low, middle"),
        (("--born", "1990-01-01", "--assume", "inflation=99"), "inflation must be a percentage from -10 to 20"),
        (("--born", "2030-01-01", "--day", "2025-01-01"), "today can't lie before born"),
        (("--born", "1990-01-01", "--pension-wage", "2014=1"), "nothing is in force before 2015-07-01"),
    ],
)
def test_what_can_not_be_projected_is_refused(arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.output
