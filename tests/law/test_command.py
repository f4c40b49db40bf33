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
    for told in ("296,000", "160,000", "43,200", "523,200", "763,200", "PP 46/2015", "PP 44/2015", version()):
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
        ("--segment", "BPU", "wage does not belong to segment BPU"),
        ("--segment", "XX", "XX is none of them"),
        ("--programmes", "JHT,JKP", "JKP is none of them"),
    ],
)
def test_bad_input_is_told_in_a_sentence(option: str, value: str, told: str) -> None:
    result = run(*CONTRIBUTION, option, value)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stdout == ""


SEGMENTS = {
    "BPU": (
        ["--income", "3000000", "--month", "2026-04"],
        {"base": 2950000, "jkk": 14750, "jkm": 3400, "total": 77150},
    ),
    "Jakon": (
        ["--contract-value", "600000000", "--month", "2020-09", "--relief-covid"],
        {"jkk": 10200, "jkm": 1300, "total": 11500},
    ),
    "PMI": (
        ["--contract-months", "12", "--month", "2024-01", "--extension-months", "6", "--old-age", "50000"],
        {"before_departure": 37500, "during_and_after": 189000, "extension": 81000, "total": 357500},
    ),
}


@pytest.mark.parametrize("segment", SEGMENTS)
def test_each_segment_is_told_with_its_clauses(segment: str) -> None:
    arguments, figures = SEGMENTS[segment]
    asked = ("contribution", "--segment", segment, *arguments)
    result = json.loads(run(*asked, "--json").stdout)
    assert {figure: result[figure] for figure in figures} == figures
    assert set(result["sources"]) == (set(result) & set(result["sources"]))
    assert all(clause["title"] for clauses in result["sources"].values() for clause in clauses)
    told = run(*asked).stdout
    for figure in figures.values():
        assert f"{figure:,}" in told
    assert version() in told


def test_slices_reliefs_and_doubts_are_shown() -> None:
    told = run("contribution", "--segment", "Jakon", *SEGMENTS["Jakon"][0]).stdout
    assert "1 % × (0.21 %" in told
    told = run("contribution", "--segment", "BPU", *SEGMENTS["BPU"][0]).stdout
    assert "50 % × 6,800" in told
    assert "uncertain" in told


def test_without_an_agency_and_with_the_state_budget() -> None:
    migrant = ("contribution", "--segment", "PMI", "--contract-months", "24", "--month", "2024-01", "--no-agency")
    assert json.loads(run(*migrant, "--json").stdout)["total"] == 332500
    assert "not taken" in run(*migrant).stdout
    budget = (
        "contribution",
        "--segment",
        "BPU",
        *SEGMENTS["BPU"][0],
        "--paid-by-state",
        "--programmes",
        "JKK,JKM",
    )
    assert json.loads(run(*budget, "--json").stdout)["total"] == 36300


@pytest.mark.parametrize(
    ("segment", "arguments", "told"),
    [
        ("BPU", ["--income", "3.000"], "income must be"),
        ("BPU", [], "income is missing"),
        ("BPU", ["--income", "1", "--sector", "sea"], "sea is none of them"),
        ("BPU", ["--income", "1", "--programmes", "JP"], "JP is none of them"),
        ("BPU", ["--income", "1", "--risk-class", "I"], "risk_class does not belong to segment BPU"),
        ("Jakon", ["--contract-value", "1", "--programmes", "JKK"], "programmes does not belong to segment Jakon"),
        ("PMI", ["--contract-months", "18"], "no answer for contract_months 18"),
        ("PMI", ["--contract-months", "24", "--old-age", "50.000"], "old_age must be"),
        ("PMI", ["--contract-months", "24", "--old-age", "75000"], "75000 is none of them"),
        ("PMI", ["--contract-months", "24", "--agency", "--relief-covid"], "relief_covid does not belong"),
        ("PU", ["--wage", "1", "--agency"], "agency does not belong to segment PU"),
    ],
)
def test_what_does_not_fit_a_segment_is_told(segment: str, arguments: list[str], told: str) -> None:
    result = run("contribution", "--segment", segment, "--month", "2024-01", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


FINE = ["fine", "--month", "2025-02", "--owed", "5000000", "--paid-on", "2025-04-18"]


def test_a_fine_is_told_with_its_clause() -> None:
    told = run(*FINE).stdout
    for part in ("2025-03-17", "months late 2", "200,000", "2.00 % a month", "PP 44/2015", version()):
        assert part in told
    data = json.loads(run(*FINE, "--json").stdout)
    assert (data["due"], data["months_late"], data["fine"]) == ("2025-03-17", 2, 200000)
    assert data["sources"]["fine"][0]["value"] == "2.00"


def test_a_fine_knows_the_public_holidays_unless_it_is_told_others() -> None:
    march = ["fine", "--month", "2024-03", "--owed", "100", "--paid-on", "2024-04-16", "--json"]
    idul_fitri = ["fine", "--month", "2018-05", "--owed", "100", "--paid-on", "2018-06-19", "--json"]
    assert json.loads(run(*march).stdout)["due"] == "2024-04-15"
    assert json.loads(run(*march, "--holiday", "2024-04-15").stdout)["fine"] == 0
    assert json.loads(run(*idul_fitri).stdout)["due"] == "2018-06-18"


def test_who_earns_no_wage_is_told_of_no_fine_and_of_the_doubt() -> None:
    told = run(*FINE, "--segment", "BPU").stdout
    assert "Fine 0" in told
    assert "(uncertain)" in told


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--owed", "5.000", "owed must be"),
        ("--owed", "1.5", "owed must be"),
        ("--owed", "-1", "owed must be"),
        ("--paid-on", "17-04-2025", "17-04-2025 is not a day"),
        ("--holiday", "Nyepi", "Nyepi is not a day"),
        ("--month", "9999-12", "not a month"),
        ("--segment", "PMI", "no answer for segment PMI"),
    ],
)
def test_a_fine_that_cannot_be_told(option: str, value: str, told: str) -> None:
    result = run(*FINE, option, value)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
    assert json.loads(run(*FINE, option, value, "--json").stdout)["error"] in {"bad_input", "not_applicable"}


def test_a_program_gets_the_refusal_as_data() -> None:
    result = run(*CONTRIBUTION, "--month", "2027-03", "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["error"] == "unknown"


def test_the_parameters_are_listed_with_their_sources() -> None:
    listed = run("parameters").stdout
    assert all(name in listed for name in parameters())
    assert "(likely)" in listed
    assert "from 2027-03-01  unknown" in run("parameters", "pension_wage_cap").stdout
    assert run("parameters", "nothing").exit_code == 2


def test_the_parameters_are_given_as_data() -> None:
    data = json.loads(run("parameters", "--json").stdout)
    assert [each["name"] for each in data] == list(parameters())
    by_name = {each["name"]: each["values"] for each in data}
    assert by_name["jkk_rate"][0]["value"]["II"] == "0.54"
    assert by_name["pension_wage_cap"][0]["value"] == 7000000


def test_a_table_of_tables_is_listed_row_by_row_and_given_as_data() -> None:
    listed = run("parameters", "disability_table").stdout
    assert "\n    thumb_right: name ibu jari tangan kanan, least 15, most 15, confidence K-high\n" in listed
    assert "\n    age: member_card, identity_card\n" in run("parameters", "old_age_claim_documents").stdout
    assert "{" not in run("parameters").stdout
    (table,) = json.loads(run("parameters", "--json", "disability_table").stdout)
    row = table["values"][0]["value"]["index_first_joint_right"]
    assert row == {"name": "ruas pertama telunjuk kanan", "least": "4.5", "most": "4.5", "confidence": "K-high"}
    (shares,) = json.loads(run("parameters", "--json", "job_loss_share").stdout)
    assert shares["values"][0]["value"] == [45, 45, 45, 25, 25, 25]
