"""The command says what is wrong in a sentence, whatever a file or a system does to it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lumbung.cli import main


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def employer(db: None) -> str:
    from lumbung.registry import actions

    actions.register_employer(full_number="00000007-000", name="PT [b]Contoh", risk_class="II", size="large")
    return "00000007-000"


def bank_file(folder: Path, *lines: str) -> Path:
    path = folder / "bank.csv"
    path.write_text("\n".join(["payment_code,amount,received_on,bank_reference", *lines, ""]))
    return path


def test_a_reference_that_looks_like_markup_is_shown_as_it_is(db: None, tmp_path: Path) -> None:
    taken = run("bank", "take-in", bank_file(tmp_path, "[bold]x,1,2025-11-01,[/b]"))
    assert (taken.exit_code, "[/b]" in taken.stdout) == (0, True)
    listed = run("bank", "held")
    assert listed.exit_code == 0
    assert "[bold]x" in listed.stdout
    assert json.loads(run("bank", "held", "--json").stdout)[0]["bank_reference"] == "[/b]"


def test_a_cell_cannot_steer_the_terminal(employer: str, tmp_path: Path) -> None:
    path = tmp_path / "upah.csv"
    path.write_bytes(b"KPJ,Nama,Upah\n10000000001,Budi,x\\[/x]:smile:\x1b[31mRED\n")
    refused = run("return", "take-in", path, "--employer", employer, "--month", "2025-11")
    assert refused.exit_code == 1
    assert "\x1b" not in refused.output
    assert ":smile:" in refused.output
    assert "\\[/x]" in refused.output


def test_a_refusal_is_data_for_programs(employer: str, tmp_path: Path) -> None:
    path = tmp_path / "upah.csv"
    path.write_text("KPJ,Nama,Upah\n10000000001,Budi,5.000\n")
    refused = run("return", "take-in", path, "--employer", employer, "--month", "2025-11", "--json")
    data = json.loads(refused.stdout)
    assert (refused.exit_code, data["refused"], data["problems"][0]["line"]) == (1, "return_refused", 2)


def test_bank_lines_of_odd_days_come_in_the_order_of_the_file(db: None, tmp_path: Path) -> None:
    path = bank_file(tmp_path, "1,1,2999-01-01,R1", "1,-1,2025-11-01,R2", "1,1,1900-01-01,R3")
    refused = run("bank", "take-in", path)
    assert refused.exit_code == 1
    lines = [line.split()[0] for line in refused.output.splitlines() if line[:5].strip().isdigit()]
    assert lines == ["2", "3", "4"]


def test_a_pipe_and_a_folder_are_no_files(employer: str, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for wrong in (pipe, tmp_path, tmp_path / "nothing"):
        refused = run("return", "take-in", wrong, "--employer", employer, "--month", "2025-11")
        assert refused.exit_code == 2
        assert "Traceback" not in refused.output


def test_a_file_far_too_large_is_not_read_whole(employer: str, tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(20_000_000_000)  # no such amount of memory is here
    refused = run("return", "take-in", path, "--employer", employer, "--month", "2025-11")
    assert refused.exit_code == 1
    assert "MB" in refused.output


@pytest.mark.parametrize("words", [["balance", "123456789012"], ["bank", "held"], ["ledger", "check"]])
def test_without_a_database_a_sentence_says_so(words: list[str], tmp_path: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": f"postgresql://lumbung_app@/lumbung?host={tmp_path}"}
    environment["DJANGO_SETTINGS_MODULE"] = "lumbung.config.settings"
    command = [sys.executable, "-c", "from lumbung.cli import main; main()", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: The database does not answer.")
    assert done.stderr.count("\n") == 1


def test_a_balance_of_nobody_and_of_tomorrow_are_refused(db: None) -> None:
    assert run("balance", "99999999999").exit_code == 1
    assert run("balance", "123456789012", "--at", "2999-01-01").exit_code == 2
