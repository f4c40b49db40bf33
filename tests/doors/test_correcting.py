"""Corrections at the doors: what the command asks for and says, and what the member reads."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from door_users import Users
from test_pages import Enter, read

from lumbung.cli import main
from lumbung.contributions.models import Return

ANI, BUDI = "10000000001", "10000000002"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def data(*arguments: object) -> Any:
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.fixture
def code(paid: Users) -> str:
    """The payment code of October 2025: Sari earned 5,000,000 and Joko 7,000,000."""
    return str(Return.objects.get().payment_code_id)


def test_a_wage_too_low_is_paid_and_settled_by_commands(code: str, tmp_path: Path) -> None:
    asked = data("return", "correct", code, "--member", ANI, "--wage", 6_000_000, "--reason", "Salah ketik")
    assert (asked["state"], asked["difference"], asked["taken_back"]) == ("open", 95_400, 477_000)
    shown = run("return", "correct", code, "--member", ANI, "--wage", 6_000_000, "--reason", "Salah ketik")
    assert "made before" in shown.stdout
    assert "Rp 95,400" in shown.stdout
    path = tmp_path / "bank.csv"
    line = f"{asked['payment_code']},{asked['difference']},{date(2025, 11, 20)},K-1"
    path.write_text(f"payment_code,amount,received_on,bank_reference\n{line}\n")
    assert data("bank", "take-in", path)["members_credited"] == 1
    assert data("return", "settle") | {"seconds": 0} == {"returns": 0, "members": 0, "refused": [], "seconds": 0}
    rows = data("return", "history", ANI)
    assert [(row["wage"], row["taken_back_by"], row["corrects"]) for row in rows] == [
        (6_000_000, None, Return.objects.order_by("pk").first().pk),
        (5_000_000, asked["return"], None),
    ]
    said = run("return", "history", ANI).stdout
    assert "Taken back on" in said
    assert "Salah ketik" in said
    assert run("ledger", "check").exit_code == 0


def test_a_wage_too_high_leaves_a_credit_that_is_listed(code: str) -> None:
    done = run("return", "correct", code, "--member", BUDI, "--wage", 6_000_000, "--reason", "Salah ketik")
    assert done.exit_code == 0
    assert "Rp 95,400 was paid too much" in done.stdout
    (credit,) = data("return", "credits", "--employer", "90000001-000")
    assert (credit["amount"], credit["reason"], credit["month"]) == (95_400, "Salah ketik", "2025-10")
    assert "Rp 95,400" in run("return", "credits").stdout
    again = data("return", "correct", credit["return"], "--member", BUDI, "--wage", 7_000_000, "--reason", "Benar")
    assert again["corrects"] == credit["return"], "a correction without a code is known by its number"


@pytest.mark.parametrize(
    ("options", "exit_code", "words"),
    [
        (["--member", ANI], 2, "Say what is right"),
        (["--wage", "5"], 2, "Say whose line it is"),
        (["--member", ANI, "--wage", "-5"], 2, "--wage"),
        (["--member", ANI, "--wage", "5000000"], 1, "changes nothing"),
        (["--member", "10000000009", "--wage", "5"], 1, "no line in the return"),
        (["--month", "2024-10"], 1, "No worker of this employer"),
        (["--member", ANI, "--to-member", BUDI], 1, "already paid"),
        (["--member", ANI, "--wage", "5", "--reason", "a\nb"], 2, "in one line"),
        (["--member", ANI, "--wage", "5", "--reason", " "], 2, "in one line"),
    ],
)
def test_what_can_not_be_corrected_is_said_in_words(
    code: str, options: list[str], exit_code: int, words: str
) -> None:
    done = run("return", "correct", code, "--reason", "Salah", *options)
    assert (done.exit_code, words in done.output) == (exit_code, True), done.output
    assert Return.objects.count() == 1


def test_a_code_of_no_return_is_said_in_words(db: None) -> None:
    for code in ("999999999993", "12", "x", "9" * 40):
        done = run("return", "correct", code, "--member", ANI, "--wage", "5", "--reason", "Salah")
        assert (done.exit_code, f"payment code or number {code}" in done.output) == (1, True)


def test_the_member_reads_both_and_why(code: str, paid: Users, enter: Enter) -> None:
    data("return", "correct", code, "--month", "2025-09", "--reason", "Seharusnya September")
    page = read(enter(paid.member), "/history/?year=2025", "en")
    for words in (
        "You see both; amounts that are struck out do not count.",
        "The right one is under September 2025.",
        "It stands for the wrong one under October 2025.",
        "Reason: Seharusnya September",
    ):
        assert words in page
    assert page.count('class="wrong"') == 1


def test_the_member_whose_line_it_was_not_reads_that_and_no_other_number(
    code: str, paid: Users, enter: Enter
) -> None:
    from lumbung.registry import actions as registry

    registry.register_persons([registry.NewPerson("Dodi Uji", date(1993, 3, 3), ("10000000003",))])
    employer = paid.employer.employer
    registry.start_employments(employer, [registry.NewEmployment("10000000003", date(2025, 1, 1))])
    data("return", "correct", code, "--member", ANI, "--to-member", "10000000003", "--reason", "Nomor tertukar")
    page = read(enter(paid.member), "/history/?year=2025", "en")
    assert "It was not yours. Reason: Nomor tertukar" in page
    assert "0003" not in page
    assert data("balance", "10000000003")["old_age"]["balance"] == 285_000
    assert data("balance", ANI)["old_age"]["balance"] == 0
