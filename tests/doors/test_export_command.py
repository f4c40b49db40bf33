"""`lumbung ledger export` writes a whole file for one reader's eyes, or nothing."""

import errno
import os
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import outsiders
from lumbung.cli import main
from lumbung.ledger import actions
from lumbung.ledger.drafts import Draft, MemberLines
from outsiders import PROGRAMS

NUMBERS = ("10000000001", "10000000002")
DAY, NOW = date(2025, 11, 10), datetime(2025, 11, 11, 3, tzinfo=UTC)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["ledger", *(str(argument) for argument in arguments)])


def post_one() -> None:
    lines = MemberLines(NUMBERS, [date(2025, 10, 1)], [570, 285], (), (), [300, 0], [1, 0])
    control = (("bank", 1155), ("member_old_age", -855), ("member_pension", -300))
    actions.post(Draft("return:1", "contribution", DAY, control, lines), now=NOW)


@pytest.fixture
def booked(db: None) -> None:
    post_one()


@pytest.mark.usefixtures("booked")
@pytest.mark.parametrize("program", PROGRAMS)
def test_a_file_is_for_its_owner_and_the_same_as_on_standard_output(program: str, tmp_path: Path) -> None:
    path = tmp_path / "books"
    path.write_text("an older export")
    path.chmod(0o644)
    before = os.umask(0)
    try:
        done = run("export", "--format", program, "--output", path)
    finally:
        os.umask(before)
    assert done.exit_code == 0, done.output
    assert done.stdout == ""
    assert "1 entries, 2 member lines" in done.stderr
    assert not [number for number in NUMBERS if number in done.stderr]
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["books"]
    assert path.read_text() == run("export", "--format", program).stdout
    assert path.read_text().endswith("; The end: 1 entries, 2 member lines.\n")


@pytest.mark.usefixtures("booked")
@pytest.mark.parametrize("wrong", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_what_breaks_off_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: BaseException
) -> None:
    path = tmp_path / "books"
    path.write_text("an older export")

    def fail(*_: object) -> None:
        raise wrong

    monkeypatch.setattr(os, "fsync", fail)
    done = run("export", "--format", "hledger", "--output", path)
    assert done.exit_code == 1
    if isinstance(wrong, OSError):
        assert "can't be written: No space left on device" in done.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["books"]
    assert path.read_text() == "an older export"


@pytest.mark.usefixtures("booked")
def test_what_is_no_file_is_left_alone(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    kept = tmp_path / "kept"
    kept.write_text("kept")
    link = tmp_path / "link"
    link.symlink_to(kept)
    for wrong in (pipe, link, tmp_path, tmp_path / "missing" / "books"):
        refused = run("export", "--format", "hledger", "--output", wrong)
        assert refused.exit_code in {1, 2}, wrong
        assert "Error: " in refused.stderr
        assert "Traceback" not in refused.output
    assert {one.name for one in tmp_path.iterdir()} == {"kept", "link", "pipe"}
    assert (pipe.is_fifo(), link.is_symlink(), kept.read_text()) == (True, True, "kept")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--until", "2999-01-01"], "lies in the future"),
        (["--no-members", "--pseudonyms"], "nothing to hide"),
        (["--no-members", "--assert"], "nothing to hide or to assert"),
        (["--until", "yesterday"], "--until"),
        (["--format", "gnucash"], "--format"),
    ],
)
def test_what_makes_no_sense_is_said(db: None, arguments: list[str], sentence: str) -> None:
    refused = run("export", "--format", "hledger", *arguments)
    assert refused.exit_code == 2
    assert sentence in refused.stderr
    assert refused.stdout == ""


@pytest.mark.usefixtures("booked")
def test_the_fund_finds_a_member_by_his_pseudonym() -> None:
    said = run("pseudonym", *NUMBERS)
    shown = dict(line.split("\t") for line in said.stdout.splitlines())
    assert sorted(shown.values()) == sorted(NUMBERS)
    text = outsiders.export("hledger", "--pseudonyms")
    assert set(re.findall(r"OldAge:(\w+)  ", text)) == set(shown)


def test_another_key_gives_other_pseudonyms(settings: object) -> None:
    from lumbung.cli.export import keyed_pseudonyms
    from lumbung.cli.home import new_secrets

    before = keyed_pseudonyms()(NUMBERS[0])
    assert before == keyed_pseudonyms()(NUMBERS[0])
    settings.LUMBUNG_INDEX_KEY = new_secrets()["LUMBUNG_INDEX_KEY"]  # type: ignore[attr-defined]
    assert keyed_pseudonyms()(NUMBERS[0]) != before


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_real_command_is_read_by_the_real_program(clone: object, program: str, tmp_path: Path) -> None:
    """As it is used: from a shell, in a process of its own, in a place where only ASCII is spoken."""
    lines = MemberLines(NUMBERS, developments=[1, 2])
    control = (("development_reserve", 3), ("member_old_age", -3))
    actions.post(Draft("d:1", "development", DAY, control, lines, 'naïve, "重"'), now=NOW)
    command = [sys.executable, "-c", "from lumbung.cli import main; main()", "ledger", "export"]
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run([*command, "--format", program], env=environment, capture_output=True, check=True)
    path = tmp_path / "books"
    path.write_bytes(done.stdout)
    if program == "hledger":
        assert 'naïve， "重"' in outsiders.run_hledger(path, "print")
    else:
        checked = subprocess.run(
            [Path(sys.executable).parent / "bean-check", "--no-cache", path],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (checked.returncode, checked.stderr) == (0, "")
    assert done.stderr == b""


def test_a_reader_who_leaves_is_no_traceback(clone: object) -> None:
    for n in range(300):
        control = (("bank", n + 1), ("suspense", -n - 1))
        actions.post(Draft(f"b:{n}", "receipt", DAY, control, reason="x" * 500), now=NOW)
    export = f'"{sys.executable}" -c "from lumbung.cli import main; main()" ledger export --format hledger'
    done = subprocess.run(["sh", "-c", f"{export} | head -1"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("; Lumbung's books")
    assert "Traceback" not in done.stderr
