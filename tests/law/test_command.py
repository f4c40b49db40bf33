"""`lumbung law`: what it prints, what it answers to programs, and its exit codes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lumbung.cli.law import command
from lumbung.law import version
from lumbung.law.parameter import parameters

CAP = "- {name: The cap of 2016, rule: pension_wage_cap, given: {day: 2016-03-01}, expect: {cap: 7335300}}\n"
CONTRIBUTION = ["contribution", "--segment", "PU", "--wage", "8000000", "--month", "2025-04", "--risk-class", "II"]


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(command, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.yaml"
    path.write_text(CAP)
    return path


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    path = tmp_path / "wrong.yaml"
    path.write_text(CAP + CAP.replace("cap: 7335300", "cap: 7335301"))
    return path


def test_cases_that_pass_are_counted(good: Path) -> None:
    result = run("check", str(good), str(good))
    assert (result.exit_code, result.stdout) == (0, "2 passed, 0 failed\n")


def test_a_case_that_fails_is_shown_with_both_values(good: Path, wrong: Path) -> None:
    result = run("check", str(wrong), str(good))
    assert result.exit_code == 1
    assert "The cap of 2016" in result.stdout
    assert "expected 7335301, got 7335300" in result.stdout
    assert result.stdout.splitlines()[-1] == "2 passed, 1 failed"


@pytest.mark.parametrize("content", [b"\x80\x81", b"a: 1", b"- [", None])
def test_a_file_that_cannot_be_read_is_named_and_the_others_still_run(
    content: bytes | None, good: Path, tmp_path: Path
) -> None:
    path = tmp_path / "odd.yaml"
    if content is not None:
        path.write_bytes(content)
    result = run("check", str(path), str(good))
    assert result.exit_code == 2
    assert str(path) in result.stderr
    assert result.stdout.splitlines()[-1] == "1 passed, 0 failed"


def test_a_folder_and_no_file_at_all_are_refused(tmp_path: Path) -> None:
    assert run("check", str(tmp_path)).exit_code == 2
    assert run("check").exit_code == 2


def test_the_command_line_itself_runs_a_case(wrong: Path) -> None:
    script = "import sys; from lumbung.cli.law import command; command(sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", script, "check", str(wrong)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.endswith("\n1 passed, 1 failed\n")


def test_a_contribution_is_printed_with_its_clauses() -> None:
    result = run(*CONTRIBUTION)
    assert result.exit_code == 0
    for told in ("296.000", "160.000", "43.200", "523.200", "763.200", "PP 46/2015", "PP 44/2015", version()):
        assert told in result.stdout


def test_a_contribution_is_given_as_data() -> None:
    result = json.loads(run(*CONTRIBUTION, "--json").stdout)
    assert {key: result[key] for key in ("wage", "month", "jkk", "jp_wage", "total", "law_version")} == {
        "wage": 8000000,
        "month": "2025-04",
        "jkk": 43200,
        "jp_wage": 8000000,
        "total": 763200,
        "law_version": version(),
    }
    assert result["sources"]["jkk"][0]["title"].startswith("PP 44/2015")
    assert result["sources"]["jp_wage"][0]["from"] == "2025-03-01"
    assert result["notes"] == []


def test_programmes_and_reliefs_can_be_chosen() -> None:
    result = json.loads(run(*CONTRIBUTION, "--programmes", "JHT,JKK", "--labour-intensive", "--json").stdout)
    assert (result["jkk"], result["jkm"], result["jp_wage"], result["total"]) == (21600, 0, 0, 477600)
    assert [clause["title"] for clause in result["sources"]["jkk"]][1] == "PP 7/2025"
    table = run(*CONTRIBUTION, "--programmes", "JHT", "--programmes", "JKK", "--labour-intensive").stdout
    assert "not taken" in table
    assert "50 % × 0.54 %" in table


def test_a_relief_without_effect_is_told() -> None:
    arguments = (*CONTRIBUTION, "--relief-covid")
    assert "relief_covid changes nothing in 2025-04" in run(*arguments).stdout
    assert json.loads(run(*arguments, "--json").stdout)["notes"]


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--wage", "-1", "wage must be"),
        ("--wage", "8.000", "wage must be"),
        ("--wage", "8.000.000", "wage must be"),
        ("--wage", "8,000,000", "wage must be"),
        ("--wage", "1e6", "wage must be"),
        ("--wage", "9" * 5000, "wage must be"),
        ("--wage", "nan", "wage must be"),
        ("--wage", "", "wage must be"),
        ("--month", "2025-13", "2025-13 is not a month"),
        ("--month", "04-2025", "04-2025 is not a month"),
        ("--month", "2015-06", "nothing is in force before 2015-07-01"),
        ("--month", "2027-03", "nobody knows the value from 2027-03-01 on"),
        ("--risk-class", "VI", "VI is none of them"),
        ("--segment", "BPU", "not built yet"),
        ("--segment", "XX", "XX is none of them"),
        ("--programmes", "JHT,JKP", "JKP is none of them"),
    ],
)
def test_bad_input_is_told_in_a_sentence(option: str, value: str, told: str) -> None:
    result = run(*CONTRIBUTION, option, value)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stdout == ""


def test_a_program_gets_the_refusal_as_data() -> None:
    result = run(*CONTRIBUTION, "--month", "2027-03", "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["error"] == "unknown"


def test_the_parameters_are_listed_with_their_sources() -> None:
    listed = run("parameters").stdout
    assert all(name in listed for name in parameters())
    assert "K-high" in listed
    assert "from 2027-03-01  unknown" in run("parameters", "pension_wage_cap").stdout
    assert run("parameters", "nothing").exit_code == 2


def test_the_parameters_are_given_as_data() -> None:
    data = json.loads(run("parameters", "--json").stdout)
    assert [each["name"] for each in data] == list(parameters())
    by_name = {each["name"]: each["values"] for each in data}
    assert by_name["jkk_rate"][0]["value"]["II"] == "0.54"
    assert by_name["pension_wage_cap"][0]["value"] == 7000000
