"""From enrolling to the balance, by the commands alone: self-employed, project and migrant worker."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lumbung.cli import main
from lumbung.registry import actions as registry

SELLER, ABROAD = "20000000002", "30000000003"


def run(*arguments: object, given: str = "") -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=given)


def data(*arguments: object) -> Any:
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.fixture
def people(db: None) -> None:
    persons = [("Sri Contoh", SELLER), ("Wati Contoh", ABROAD)]
    registry.register_persons([registry.NewPerson(name, date(1990, 5, 15), (number,)) for name, number in persons])


@pytest.fixture
def employer(people: None) -> str:
    registry.register_employer(full_number="00000008-000", name="PT Contoh Bangun", risk_class="V", size="medium")
    return "00000008-000"


def pay(folder: Path, day: str, *codes: dict[str, Any]) -> None:
    """A bank file with these payments, taken in by the command; what it leaves is settled by the other."""
    path = folder / "bank.csv"
    lines = [f"{code['payment_code']},{code['amount']},{day},R-{code['payment_code']}" for code in codes]
    path.write_text("\n".join(["payment_code,amount,received_on,bank_reference", *lines, ""]))
    assert data("bank", "take-in", path)["held"] == []
    data("bill", "settle")


def enrol(*more: str) -> Result:
    facts = ("--sector", "other", "--old-age", "--from", "2025-03-01", *more)
    return run("enrol", "self-employed", SELLER, "--income", 2_600_000, *facts)


def test_a_self_employed_member_pays_two_months_and_sees_them(people: None, tmp_path: Path) -> None:
    assert enrol().exit_code == 0
    shown = run("bill", "self-employed", SELLER, "--month", "2025-10", "--months", 2)
    assert "Rp 169,600" in shown.stdout
    assert "2025-10-15" in shown.stdout
    assert SELLER not in shown.stdout
    billed = data("bill", "self-employed", SELLER, "--month", "2025-10", "--months", 2)
    assert (billed["is_new"], billed["amount"], billed["bills"][0]["jht"]) == (False, 169_600, 52_000)
    pay(tmp_path, "2025-10-14", billed)
    assert data("balance", SELLER)["old_age"]["balance"] == 104_000
    bills = data("bill", "list", "--member", SELLER, "--state", "settled")
    assert [(bill["month"], bill["paid_on"]) for bill in bills] == [
        ("2025-11", "2025-10-14"),
        ("2025-10", "2025-10-14"),
    ]
    assert run("ledger", "check").exit_code == 0


def test_a_late_month_of_the_self_employed_simply_settles(people: None, tmp_path: Path) -> None:
    enrol()
    pay(tmp_path, "2025-12-01", data("bill", "self-employed", SELLER, "--month", "2025-10"))
    assert data("balance", SELLER)["old_age"]["balance"] == 52_000
    assert len(data("bill", "list")) == 1


def test_a_project_is_registered_billed_and_paid(employer: str, tmp_path: Path) -> None:
    facts = (
        "--name",
        "Jembatan [b]Contoh",
        "--value",
        600_000_000,
        "--starts",
        "2025-02-03",
        "--ends",
        "2025-11-28",
    )
    number = data("enrol", "project", employer, *facts)["project"]
    assert "project is registered already" in run("enrol", "project", employer, *facts).stderr
    billed = data("bill", "project", number)
    assert billed["amount"] == 1_150_000
    pay(tmp_path, "2025-02-01", billed)
    (bill,) = data("bill", "list", "--employer", employer)
    assert (bill["state"], bill["project"], bill["employer"]) == ("settled", number, employer)
    assert "construction project" in run("bill", "list").stdout


def test_a_migrant_worker_pays_before_leaving(people: None, tmp_path: Path) -> None:
    facts = ("--departs", "2025-06-10", "--months", 24, "--old-age", 100_000)
    number = data("enrol", "migrant", ABROAD, *facts)["contract"]
    billed = data("bill", "migrant", number, "--old-age-months", 2)
    assert billed["amount"] == 370_000 + 200_000
    pay(tmp_path, "2025-06-01", billed)
    assert data("balance", ABROAD)["old_age"]["balance"] == 200_000
    again = run("bill", "migrant", number)
    assert (again.exit_code, "is paid already" in again.stderr) == (1, True)


def test_an_income_may_be_typed_where_no_history_keeps_it(people: None) -> None:
    done = run(
        "enrol", "self-employed", SELLER, "--sector", "transport", "--from", "2025-01-01", given="2000000\n"
    )
    assert done.exit_code == 0, done.output
    assert data("bill", "self-employed", SELLER, "--month", "2025-10")["amount"] == 26_800


def test_a_withdrawn_code_is_billed_anew(people: None) -> None:
    enrol()
    first = data("bill", "self-employed", SELLER, "--month", "2025-10")
    longer = run("bill", "self-employed", SELLER, "--month", "2025-10", "--months", 2)
    assert (longer.exit_code, first["payment_code"] in longer.stderr) == (1, True)
    assert run("bill", "void", first["payment_code"]).exit_code == 0
    again = data("bill", "self-employed", SELLER, "--month", "2025-10", "--months", 2)
    assert again["is_new"]


def test_an_ended_enrolment_is_billed_no_more(people: None) -> None:
    enrol()
    assert run("enrol", "end", SELLER, "--on", "2025-09-30").exit_code == 0
    assert data("bill", "self-employed", SELLER, "--month", "2025-09")["is_new"]
    refused = run("bill", "self-employed", SELLER, "--month", "2025-10")
    assert (refused.exit_code, "not enrolled as self-employed in 2025-10" in refused.stderr) == (1, True)
    assert run("enrol", "end", SELLER, "--on", "2025-12-31").exit_code == 1


def test_reliefs_are_noted(employer: str) -> None:
    assert run("enrol", "reliefs", employer, "--labour-intensive", "--no-covid").exit_code == 0
    from lumbung.registry import queries

    assert queries.employer(employer).labour_intensive


@pytest.mark.parametrize(
    "arguments",
    [
        ("bill", "self-employed", "99999999999", "--month", "2025-10"),
        ("bill", "self-employed", SELLER, "--month", "2025-10", "--months", "0"),
        ("bill", "project", "77"),
        ("bill", "migrant", "77"),
        ("bill", "void", "1"),
        ("enrol", "self-employed", SELLER, "--income", "0", "--sector", "other", "--from", "2025-01-01"),
        ("enrol", "self-employed", "99999999999", "--income", "1", "--sector", "other", "--from", "2025-01-01"),
        ("enrol", "migrant", SELLER, "--departs", "2025-06-10", "--months", "0"),
        (
            "enrol",
            "project",
            "0000",
            "--name",
            "X",
            "--value",
            "1",
            "--starts",
            "2025-01-01",
            "--ends",
            "2025-01-01",
        ),
    ],
)
def test_what_can_not_be_is_said_in_a_sentence(people: None, arguments: tuple[str, ...]) -> None:
    refused = run(*arguments)
    assert refused.exit_code == 1, refused.output
    assert refused.stderr.startswith("Refused: ")
    assert "refused" in json.loads(run(*arguments, "--json").stdout)
