"""`lumbung development` and `lumbung balance --explain`, `--history`: what people and programs are told."""

import json
from datetime import date

import psycopg
import pytest
from click.testing import CliRunner, Result
from credited import DECREE, at, book

from lumbung.cli import main
from lumbung.development import actions
from lumbung.ledger import actions as ledger
from lumbung.registry import actions as registry

ANI = "10000000001"
WORDS = ("development", "credit", "--year", "2023", "--rate", "5.60", "--decree", DECREE)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def data(*arguments: str):
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.fixture
def _books(db: None) -> None:
    """One member with an opening balance and two months, one account that has nothing to earn on."""
    registry.register_persons([registry.NewPerson("Ani Contoh", date(1990, 1, 1), (ANI,))])
    book("opening", {ANI: 1_000_000}, day=date(2022, 5, 1), booked=date(2022, 5, 2))
    book("m3", {ANI: 570_000}, day=date(2023, 3, 15), booked=date(2023, 3, 17))
    book("m12", {ANI: 570_000}, day=date(2023, 12, 20), booked=date(2023, 12, 21))
    book("next", {"10000000002": 5}, day=date(2024, 1, 3), booked=date(2024, 1, 4))


@pytest.mark.usefixtures("_books")
def test_credit_says_what_it_did_and_a_second_time_that_it_was_done() -> None:
    done = run(*WORDS)
    assert done.exit_code == 0, done.output
    assert "credited at 5.60 %" in done.stdout
    assert "Rp 85,260" in done.stdout  # 56,000 + 26,600 + 2,660
    assert "Nothing was in the account in that year." in done.stdout
    again = run(*WORDS)
    assert (again.exit_code, "already" in again.stdout) == (0, True)
    assert data(*WORDS) == {
        "run": 1, "year": 2023, "kind": "annual", "state": "finished", "rate": "5.60", "decree": DECREE,
        "accounts": 2, "credited": 1, "amount": 85_260, "skipped": {"no_basis": 1}, "is_new": False,
    }  # fmt: skip


@pytest.mark.usefixtures("_books")
def test_what_is_refused_is_said() -> None:
    run(*WORDS)
    other = run(*WORDS[:5], "5.59", *WORDS[6:])
    assert (other.exit_code, "5.60 %" in other.stderr, "Traceback" in other.output) == (1, True, False)
    future = run("development", "credit", "--year", "9000", "--rate", "5", "--decree", "D", "--json")
    assert (future.exit_code, json.loads(future.stdout)["refused"]) == (1, "development_year_not_over")
    assert run("development", "show", "--year", "2019").exit_code == 1
    assert run("development", "adjust", "--year", "2019").exit_code == 1


@pytest.mark.usefixtures("_books")
def test_show_proves_and_says_what_waits_for_an_adjustment() -> None:
    actions.credit(year=2023, rate="5.60", decree=DECREE, now=at(date(2024, 2, 1)))
    assert "whole" in run("development", "show", "--year", "2023").stdout
    book("late", {ANI: 1_200_000}, day=date(2023, 7, 1), booked=date(2024, 2, 9))
    shown = data("development", "show", "--year", "2023")
    assert (shown["waiting_for_adjustment"], shown["runs"][0]["proof"]["faults"]) == (1, [])
    assert [made["amount"] for made in data("development", "adjust")] == [33_600]
    assert "Nothing was booked" in run("development", "adjust").stdout
    shown = data("development", "show", "--year", "2023")
    assert (shown["waiting_for_adjustment"], len(shown["runs"])) == (0, 2)


@pytest.mark.usefixtures("_books")
def test_explain_shows_each_step_and_that_the_law_gives_the_same() -> None:
    actions.credit(year=2023, rate="5.60", decree=DECREE, now=at(date(2024, 2, 1)))
    said = run("balance", ANI, "--explain").stdout
    for part in ("Rp 1,000,000", "2023-03", "10", "2023-12", DECREE, "5.60 %", "Rp 85,260.000000",
                 "The law gives the same", "•••••••0001"):  # fmt: skip
        assert part in said
    assert ANI not in said
    (told,) = data("balance", ANI, "--explain")["results"]
    assert (told["opening"], told["result"], told["unrounded"], told["agrees"]) == (
        1_000_000, 85_260, "85260", True,
    )  # fmt: skip
    assert told["months"] == [
        {"month": "2023-03", "amount": 570_000, "twelfths": 10},
        {"month": "2023-12", "amount": 570_000, "twelfths": 1},
    ]


@pytest.mark.usefixtures("_books")
def test_explain_says_why_a_result_was_adjusted() -> None:
    actions.credit(year=2023, rate="5.60", decree=DECREE, now=at(date(2024, 2, 1)))
    wrong = book("late", {ANI: 1_200_000}, day=date(2023, 7, 1), booked=date(2024, 2, 9))
    actions.adjust(now=at(date(2024, 2, 10)))
    back = ledger.reverse(wrong, key="r", reason="wrong member", now=at(date(2024, 2, 11))).entry_id
    actions.adjust(now=at(date(2024, 2, 12)))
    annual, more, less = data("balance", ANI, "--explain")["results"]
    assert (annual["because"], annual["credited_before"]) == ([], 0)
    assert [line["entry"] for line in more["because"]] == [wrong]
    assert (more["credited_before"], more["result"], more["posted"]["development"]) == (85_260, 118_860, 33_600)
    assert [line["entry"] for line in less["because"]] == [back]
    assert less["posted"]["development"] == -33_600
    said = run("balance", ANI, "--explain").stdout
    assert f"because of entry {back} (reversal): Rp −1,200,000 of 2023-07-01, booked on 2024-02-11, wrong" in said
    lines = data("balance", ANI, "--history")["lines"]
    bonds = {line["entry"]: (line["takes_back"], line["taken_back_by"], line["reason"]) for line in lines}
    assert bonds[wrong] == (None, back, "")
    assert bonds[back] == (wrong, None, "wrong member")
    assert lines[0]["position"] == len(lines) > lines[-1]["position"] == 1
    said = run("balance", ANI, "--history").stdout
    assert f"takes back entry {wrong}" in said
    assert f"taken back by entry {back}" in said


@pytest.mark.usefixtures("_books")
def test_one_question_at_a_time_and_nothing_yet() -> None:
    assert run("balance", ANI, "--explain", "--history").exit_code == 2
    assert run("balance", ANI, "--explain", "--at", "2023-01-01").exit_code == 2
    assert "No year" in run("balance", ANI, "--explain").stdout


def test_a_working_that_was_tampered_with_is_found(clone: object, superuser_url: str) -> None:
    registry.register_persons([registry.NewPerson("Ani Contoh", date(1990, 1, 1), (ANI,))])
    book("opening", {ANI: 1_000_000}, day=date(2022, 5, 1), booked=date(2022, 5, 2))
    actions.credit(year=2023, rate="5.60", decree=DECREE, now=at(date(2024, 2, 1)))
    with psycopg.connect(superuser_url, autocommit=True) as superuser:
        with pytest.raises(psycopg.errors.RestrictViolation):
            superuser.execute("UPDATE development_working SET opening = 0")
        superuser.execute("SET session_replication_role = replica")
        superuser.execute("UPDATE development_working SET entitled = entitled + 1")
    disagreeing = run("balance", ANI, "--explain")
    assert (disagreeing.exit_code, "DISAGREES" in disagreeing.stdout) == (1, True)
    shown = run("development", "show", "--year", "2023")
    assert shown.exit_code == 1
    assert "1 lines of another amount" in shown.stdout
    assert "1 workings with another result" in shown.stdout
