"""`lumbung law` on what the law gives: development, pension, accident, death, job-loss, claim, tax."""

import json
import sys
from datetime import date
from typing import Any

import pytest
from tests.law.test_command import run

from lumbung.law import version
from lumbung.law.accident import disabilities


def data(*arguments: str) -> dict[str, Any]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.stdout
    found: dict[str, Any] = json.loads(result.stdout)
    assert found["law_version"] == version()
    return found


def told(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.stderr
    assert version() in result.stdout
    return " ".join(result.stdout.split())


COMMANDS = {
    "development": ("development", "--rate", "5", "--opening", "20000000"),
    "development plan": ("development", "--rate", "5", "--wage", "5000000", "--years", "5"),
    "pension age": ("pension", "--born", "1965-07-16"),
    "pension bounds": ("pension", "--day", "2025-04-01"),
    "pension": ("pension", "--retires", "2025", "--wage", "2024=9000000", "--cause", "disability",
                "--months-since-enrolment", "12", "--day", "2025-04-01"),
    "accident": ("accident", "--kind", "death", "--wage", "5000000", "--day", "2024-06-10"),
    "disabilities": ("accident", "--table", "--day", "2024-06-10"),
    "death": ("death", "--day", "2024-06-10"),
    "job-loss": ("job-loss", "--wage", "5000000", "--dismissed-on", "2025-03-01"),
    "claim": ("claim", "--cause", "resigned", "--happened-on", "2025-06-02", "--day", "2025-07-10"),
    "tax": ("tax", "--payment", "2024-03-05=80000000"),
}  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_told_to_people_and_to_programs(name: str) -> None:
    table, answer = told(*COMMANDS[name]), data(*COMMANDS[name])
    assert "Traceback" not in table
    for figure, behind in answer["sources"].items():
        assert figure in answer
        for each in behind:
            assert each["title"]
            assert each["from"]


def test_a_year_of_development() -> None:
    asked = (*COMMANDS["development"], "--contribution", "2025-01=250000", "--contribution", "2025-03=-100000")
    year = data(*asked, "--until", "2025-06")
    assert (year["paid_in"], year["development"], year["closing"]) == (150_000, 504_583, 20_654_583)
    assert year["contributions"][1] == {"month": "2025-03", "amount": -100_000}
    assert "20,654,583" in told(*asked, "--until", "2025-06")
    assert data(*COMMANDS["development"])["closing"] == 21_000_000


def test_years_of_saving_as_the_two_official_calculators_tell_them() -> None:
    plan = data(*COMMANDS["development plan"])
    assert (plan["contributions"], plan["development"], plan["closing"]) == (17_100_000, 2_309_470, 19_409_470)
    assert [each["value"] for each in plan["sources"]["contributions"]] == ["3.70", "2.00"]
    ministry = data(
        "development", "--rate", "5.7", "--wage", "4000000", "--years", "5", "--convention", "ministry"
    )
    assert ministry["closing"] == 15_800_310
    assert "Ministry" in ministry["notes"][0]


def test_a_pension_age_with_its_clause() -> None:
    age = data(*COMMANDS["pension age"])
    assert (age["age"], age["reached_on"], age["right_from"]) == (58, "2023-07-16", "2023-08-01")
    assert (age["last_enrolment_month"], age["deferred_until"]) == ("2023-06", "2026-07-16")
    assert "PP 45/2015 art. 15(2)-(3)" in age["sources"]["age"][0]["title"]


def test_the_bounds_and_the_cap_of_a_day() -> None:
    day = data(*COMMANDS["pension bounds"])
    assert (day["minimum"], day["maximum"], day["wage_cap"]) == (399_700, 4_792_300, 10_547_400)


def test_a_pension_from_a_record() -> None:
    years = [f"--wage={year}=9000000" for year in range(2015, 2025)]
    got = data("pension", *years, "--retires", "2025", "--cause", "disability", "--months-since-enrolment", "130",
               "--months", "2015=6", "--day", "2025-04-01", "--heir", "child", "--children", "2")  # fmt: skip
    assert (got["kind"], got["months_paid"], got["months_counted"]) == ("periodic", 114, 180)
    assert [row["cap"] for row in got["years"]][:2] == [7_000_000, 7_335_300]
    assert got["years"][-1] == {"year": 2024, "months": 12, "wage": 9_000_000, "cap": 10_042_300,
                                "index": "101.57", "weighted": 9_141_300}  # fmt: skip
    assert got["monthly"] == got["payable"] == round(got["average"] * 0.15)
    assert got["survivor"] == round(got["payable"] / 2)
    assert "2 children share it equally." in got["notes"]
    assert got["sources"]["weighted_2015"][0]["parameter"] == "pension_wage_cap"
    assert "weighted_2024" not in got["sources"]


def test_caps_and_inflation_of_ones_own() -> None:
    got = data("pension", "--retires", "2031", "--wage", "2030=20000000", "--cap", "2030=15000000", "--inflation",
               "2030=4", "--cause", "disability", "--months-since-enrolment", "12")  # fmt: skip
    assert got["years"][0]["weighted"] == 15_600_000
    assert got["monthly"] == 2_340_000


def test_a_pension_whose_bounds_nobody_knows_is_told_without_them() -> None:
    asked = ("pension", "--born", "1970-06-01", "--wage", "2024=9000000", "--retires", "2025",
             "--cause", "death", "--months-since-enrolment", "12")  # fmt: skip
    got = data(*asked)
    assert got["monthly"] == 1_371_195
    assert "payable" not in got
    assert "nobody knows the value from 2027-03-01 on" in got["notes"][0]
    assert run(*asked, "--day", "2027-03-01").exit_code == 2


def test_too_few_months_are_paid_back_in_one_sum() -> None:
    got = data("pension", "--retires", "2025", "--wage", "2024=20000000")
    assert (got["kind"], got["contributions"]) == ("lump_sum", 12 * 301_269)
    assert "in one sum" in told("pension", "--retires", "2025", "--wage", "2024=20000000")


def test_a_death_at_work_with_children() -> None:
    got = data(*COMMANDS["accident"], "--children", "2")
    assert (got["compensation"], got["total"], got["scholarship"]) == (240_000_000, 262_000_000, 174_000_000)
    assert got["transport"] == {"land": 5_000_000, "sea": 2_000_000, "air": 10_000_000}
    assert {each["confidence"] for each in got["sources"]["compensation"]} == {"K-med"}
    assert "262,000,000" in told(*COMMANDS["accident"])


PARTIAL = ("accident", "--kind", "partial_disability", "--wage", "5000000", "--day", "2024-06-10")


def test_a_disability_is_found_in_the_table_or_told_in_percent() -> None:
    arm = data(*PARTIAL, "--disability", "arm_right_shoulder")
    assert (arm["table_percent"], arm["compensation"]) == ("40", 160_000_000)
    assert data(*PARTIAL, "--table-percent", "4.5")["compensation"] == 18_000_000
    assert data(*PARTIAL, "--disability", "scalp", "--table-percent", "12")["compensation"] == 48_000_000
    deaf = data(*PARTIAL, "--disability", "hearing_loss_both_10_db", "--table-percent", "18")
    assert deaf["compensation"] == 72_000_000
    leg = (
        "accident",
        "--kind",
        "loss_of_function",
        "--wage",
        "4000000",
        "--loss-percent",
        "50",
        "--day",
        "2024-06-10",
    )
    assert data(*leg, "--disability", "leg_one_groin")["compensation"] == 56_000_000


def test_the_table_of_disabilities_is_listed_with_its_doubts() -> None:
    table = data(*COMMANDS["disabilities"])
    assert set(disabilities(date(2024, 6, 10))) <= set(table)
    assert table["arm_right_shoulder"] == "40 %"
    assert table["scalp"] == "10-30 %"
    assert table["hearing_loss_both_10_db"] == "6 % per 10 dB"
    assert table["thumb_right"] == "15 % (likely)"


def test_months_without_work() -> None:
    off = ("accident", "--kind", "temporary", "--wage", "5000000", "--months-off", "13")
    assert data(*off, "--day", "2019-12-01")["total"] == 55_000_000
    assert data(*off, "--day", "2019-12-02")["total"] == 62_500_000


def test_a_death_in_peace() -> None:
    got = data(*COMMANDS["death"], "--children", "1")
    assert (got["total"], got["scholarship"], got["years_needed"]) == (42_000_000, 87_000_000, 3)
    before = data("death", "--day", "2019-12-01", "--children", "1")
    assert (before["total"], "scholarship" in before, "years_needed" in before) == (24_000_000, False, False)
    assert "nobody knows" in before["notes"][0]


def test_money_after_losing_the_job() -> None:
    got = data("job-loss", "--wage", "6000000", "--dismissed-on", "2024-12-10")
    assert got["monthly"] == [2_250_000] * 2 + [3_000_000] * 4
    assert (got["total"], got["month_3"], got["claim_by"]) == (16_500_000, 3_000_000, "2025-03-10")
    assert "has_right" not in got
    assert data("job-loss", "--wage", "6000000", "--dismissed-on", "2024-12-10", "--first-paid-on", "2025-02-07",
                "--months", "2")["monthly"] == [3_000_000] * 2  # fmt: skip


def test_who_has_a_right_to_it() -> None:
    asked = ("job-loss", "--wage", "6000000", "--dismissed-on", "2024-12-10")
    right = data(*asked, "--paid", "2023-01..2024-11", "--claimed-on", "2025-03-10")
    assert (right["has_right"], right["problems"], right["months_paid"]) == (True, [], 23)
    wrong = data(*asked, "--paid", "2024-11", "--claimed-on", "2025-03-11", "--times-before", "3", "--not-willing",
                 "--reason", "resigned")  # fmt: skip
    assert wrong["has_right"] is False
    assert len(wrong["problems"]) == len(wrong["notes"]) == 6
    assert "The time to ask for it is over." in told(*asked, "--claimed-on", "2025-03-11")


def test_a_claim_with_money_tax_papers_and_days() -> None:
    got = data(*COMMANDS["claim"], "--balance", "80000000")
    assert (got["payable_percent"], got["payable_from"], got["problems"]) == (100, "2025-07-02", [])
    assert (got["amount"], got["tax"], got["net"]) == (80_000_000, 1_500_000, 78_500_000)
    assert (got["electronic_limit"], got["by_telephone"]) == (15_000_000, False)
    assert got["paid_until"] == "2025-07-17"
    assert "work_ended_proof" in got["documents"]
    assert {"payable_percent", "payable_from", "tax", "documents", "paid_until"} <= set(got["sources"])
    table = told(*COMMANDS["claim"], "--balance", "80000000")
    for part in ("1,500,000", "- family card (KK)", "5 working days", "Permenaker 4/2022"):
        assert part in table


def test_a_claim_by_telephone_is_for_small_balances_and_whole_claims() -> None:
    assert data(*COMMANDS["claim"], "--balance", "15000000")["by_telephone"] is True
    assert data(*COMMANDS["claim"], "--balance", "15000001")["by_telephone"] is False
    house = ("claim", "--cause", "housing", "--member-since", "2010-01-20", "--day", "2025-07-10", "--active")
    got = data(*house, "--balance", "10000001")
    assert (got["amount"], got["by_telephone"]) == (3_000_000, False)


def test_a_payment_before_moves_the_tax() -> None:
    asked = (*COMMANDS["claim"], "--balance", "80000000", "--earlier")
    assert data(*asked, "2024-02-01=20000000")["tax"] == 2_500_000
    assert data(*asked, "2023-02-01=20000000")["tax"] == 6_000_000
    assert data(*asked, "2023-02-01=20000000", "--no-tax-number")["tax"] == 7_200_000
    assert "Tax, progressive" in told(*asked, "2023-02-01=20000000")


def test_a_claim_that_waits_or_is_barred() -> None:
    early = (
        "claim",
        "--cause",
        "resigned",
        "--happened-on",
        "2025-06-10",
        "--day",
        "2025-06-20",
        "--balance",
        "80",
    )
    waits = data(*early)
    assert (waits["problems"], waits["payable_from"], waits["paid_until"]) == (
        ["waiting"],
        "2025-07-10",
        "2025-07-17",
    )
    assert "The money is paid from 2025-07-10 on." in waits["notes"]
    barred = data(*early, "--active")
    assert barred["problems"] == ["waiting", "still_active"]
    assert (barred["payable_percent"], barred["payable_from"]) == (0, None)
    assert not {"amount", "tax", "paid_until"} & set(barred)
    assert "has to report the end of the work first" in told(*early, "--active")


def test_papers_complete_later_and_holidays_of_ones_own_move_the_last_day() -> None:
    assert data(*COMMANDS["claim"], "--complete-on", "2025-07-14")["paid_until"] == "2025-07-21"
    assert data(*COMMANDS["claim"], "--complete-on", "2025-07-01")["paid_until"] == "2025-07-17"
    assert data(*COMMANDS["claim"], "--holiday", "2025-07-11")["paid_until"] == "2025-07-18"
    august = ("claim", "--cause", "death", "--happened-on", "2026-08-13", "--day", "2026-08-13")
    assert data(*august)["paid_until"] == "2026-08-21"  # 17 August is a Monday


def test_what_was_not_yet_in_force_is_a_note_beside_the_rest() -> None:
    got = data(
        "claim", "--cause", "resigned", "--happened-on", "2021-06-10", "--day", "2021-07-20", "--balance", "9"
    )
    assert got["payable_percent"] == 100
    assert len(got["notes"]) == 3
    assert not {"documents", "paid_until", "electronic_limit"} & set(got)


def test_the_tax_on_each_payment() -> None:
    got = data("tax", "--payment", "2024-01-01=90000000", "--payment", "2022-05-10=10000000")
    assert [(each["tax"], each["final"], each["net"]) for each in got["payments"]] == [
        (7_500_000, False, 82_500_000),
        (0, True, 10_000_000),
    ]
    assert (got["total"], got["net"]) == (7_500_000, 92_500_000)
    assert [each["value"] for each in got["payments"][0]["sources"]] == ["5", "15"]
    more = data("tax", "--payment", "2024-01-01=90000000", "--payment", "2022-05-10=10000000", "--no-tax-number")
    assert more["total"] == 9_000_000


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("development --rate x", "rate must be a percentage"),
        ("development --rate 5 --opening 20.000", "opening must be"),
        ("development --rate 5 --contribution 2025-01", "contribution must be written as YYYY-MM=RUPIAH"),
        ("development --rate 5 --contribution 2025-01=250.000", "contribution must be"),
        ("development --rate 5 --contribution 2025-07=1 --until 2025-06", "2025-07 does not lie in"),
        ("development --rate 5 --wage 5000000", "years is missing"),
        ("development --rate 5 --years 5", "wage is missing"),
        ("development --rate 5 --wage 1 --years 1 --until 2025-06", "don't go together"),
        ("development --rate 5 --wage 1 --years 1 --convention abacus", "abacus is none"),
        ("pension --born 1959-06-30", "nothing is in force before 2015-07-01"),
        ("pension --born 16-07-1965", "16-07-1965 is not a day"),
        ("pension --heir spouse", "wage is missing"),
        ("pension --wage 2024=1", "retires is missing"),
        ("pension --wage 2024 --retires 2025", "wage must be written as YEAR=VALUE"),
        ("pension --wage 2024=9.000 --retires 2025", "wage must be"),
        ("pension --wage 2028=1 --retires 2029", "nobody knows the value from 2027-03-01 on"),
        ("pension --wage 2024=1 --retires 2025 --inflation 2024=x", "inflation must be"),
        ("pension --wage 2024=1 --retires 2025 --cause death", "months_since_enrolment is missing"),
        ("pension --day 2027-03-01", "nobody knows the value from 2027-03-01 on"),
        ("accident --wage 1", "kind is missing"),
        ("accident --kind death", "wage is missing"),
        ("accident --kind illness --wage 1", "illness is none of them"),
        ("accident --kind death --wage 5.000", "wage must be"),
        ("accident --kind death --wage 1 --months-off 3", "no answer for kind death; it knows temporary"),
        ("accident --kind death --wage 1 --day 2019-12-01", "nobody knows the value"),
        ("accident --kind death --wage 1 --children 3", "children must be a whole number from 1 to 2"),
        ("{PARTIAL} --disability tail", "tail is none of them"),
        ("{PARTIAL} --disability scalp", "table_percent is missing"),
        ("{PARTIAL} --disability scalp --table-percent 31", "table_percent must be a percentage from 10 to 30"),
        ("{PARTIAL} --disability smell --table-percent 10", "disability and table_percent don't go together"),
        ("{PARTIAL}", "table_percent is missing"),
        ("death --day 2015-06-30", "nothing is in force before 2015-07-01"),
        ("death --day 2024-06-10 --children 0", "children must be"),
        ("job-loss --wage 1 --dismissed-on 2021-02-01", "nothing is in force before 2021-02-02"),
        ("job-loss --wage 1 --dismissed-on 2025-03-01 --months 7", "months must be"),
        ("job-loss --wage 1 --dismissed-on 2025-03-01 --first-paid-on 2025-01-01", "can't lie before"),
        ("job-loss --wage 1 --dismissed-on 2025-03-01 --paid 2025-02..2025-01", "can't lie before"),
        ("job-loss --wage 1 --dismissed-on 2025-03-01 --reason bored", "bored is none of them"),
        ("claim --cause wedding", "wedding is none of them"),
        ("claim --cause resigned", "happened_on is missing"),
        ("claim --cause age", "born is missing"),
        ("claim --cause housing", "member_since is missing"),
        ("{CLAIM} --balance 80.000", "balance must be"),
        ("{CLAIM} --balance 80 --earlier 80", "earlier must be written as YYYY-MM-DD=RUPIAH"),
        ("{CLAIM} --holiday Nyepi", "Nyepi is not a day"),
        ("tax --payment 80000000", "payment must be written as YYYY-MM-DD=RUPIAH"),
        ("tax --payment 2009-11-15=1", "nothing is in force before 2009-11-16"),
        ("tax --payment 2024-03-05=80.000", "payment must be"),
    ],
)
def test_what_cannot_be_told_says_what_and_why(line: str, reason: str) -> None:
    arguments = line.format(CLAIM=" ".join(COMMANDS["claim"]), PARTIAL=" ".join(PARTIAL)).split()
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert reason in result.stderr
    refused = run(*arguments, "--json")
    assert refused.exit_code == 2
    assert json.loads(refused.stdout)["error"] in {"bad_input", "not_applicable", "not_yet_in_force", "unknown"}


@pytest.mark.parametrize("name", ["development", "job-loss", "claim", "tax"])
def test_a_needed_option_that_is_left_out_is_named(name: str) -> None:
    result = run(name)
    assert result.exit_code == 2
    assert "Missing option '--" in result.stderr


@pytest.mark.parametrize("name", ["accident", "death", "claim", "pension"])
def test_the_day_is_today_unless_it_is_told(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"accident": ("--kind", "death", "--wage", "1"), "claim": ("--cause", "left_indonesia")}
    module = "accident" if name == "death" else name
    monkeypatch.setattr(sys.modules[f"lumbung.cli.law.{module}"], "today", lambda: date(2025, 4, 1))
    assert data(name, *asked.get(name, ()))["day"] == "2025-04-01"
