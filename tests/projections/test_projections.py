"""A registered person's projection: from returns, payments and the books to the law's own figures."""

import json
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from click.testing import CliRunner, Result

from lumbung.cli import django as cli_django
from lumbung.cli import main
from lumbung.contributions import actions as contributions
from lumbung.contributions.models import Return
from lumbung.development import actions as development
from lumbung.law import projection as law
from lumbung.law.contributions import old_age_shares
from lumbung.law.derivation import recomputed, walk
from lumbung.law.errors import BadPercent
from lumbung.law.month import Month
from lumbung.law.pension import PensionYear
from lumbung.law.self_employed import old_age_share
from lumbung.ledger import queries as ledger
from lumbung.payments import actions as payments
from lumbung.projections import queries
from lumbung.projections.errors import NoWageReported
from lumbung.registry import actions as registry
from lumbung.registry import queries as registered
from lumbung.registry.models import Employer, Person

TODAY = date(2025, 11, 22)
ANI, ANI_OLD, BUDI, CICI = "10000000001", "10000000002", "20000000002", "30000000003"
BORN = date(1990, 5, 15)
LARGE, SMALL = "00000007-000", "00000008-000"


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _fund(db: None) -> None:
    """Ani has two numbers and works for the large employer; Budi for the small one; Cici for nobody."""
    registry.register_persons(
        [
            registry.NewPerson("Ani Contoh", BORN, (ANI, ANI_OLD)),
            registry.NewPerson("Budi Contoh", date(1968, 6, 10), (BUDI,)),
            registry.NewPerson("Cici Contoh", date(1999, 12, 31), (CICI,)),
        ]
    )
    for number, size in ((LARGE, "large"), (SMALL, "small")):
        registry.register_employer(full_number=number, name=f"PT Contoh {size}", risk_class="II", size=size)
    hire(LARGE, ANI, date(2024, 6, 1))
    hire(SMALL, ANI_OLD, date(2023, 1, 1), date(2024, 5, 31))
    hire(SMALL, BUDI, date(2020, 1, 1))


def hire(employer: str, number: str, started: date, ended: date | None = None) -> None:
    registry.start_employments(registered.employer(employer), [registry.NewEmployment(number, started, ended)])


def report(employer: str, month: Month, *lines: str) -> Return:
    """A month reported and paid for on the tenth of the next one."""
    later = (month + 1).first_day.replace(day=10)
    content = "\n".join(["KPJ;Nama;Upah", *lines, ""]).encode()
    given: Employer = registered.employer(employer)
    returned = contributions.take_in_return(
        given, month, content, file_name="upah.csv", today=later, now=at(later)
    ).returned
    code = returned.payment_code
    assert code is not None
    bank = f"payment_code,amount,received_on,bank_reference\n{code.code},{code.amount},{later},R-{code.code}\n"
    for receipt in payments.take_in_bank_file(bank.encode(), today=later, now=at(later)).matched:
        contributions.settle(receipt.code_as_written, now=at(later))
    return returned


def ani(month: Month, wage: int) -> None:
    report(LARGE, month, f"{ANI};Ani Contoh;{wage}")


def ani_before(month: Month, wage: int) -> None:
    report(SMALL, month, f"{ANI_OLD};Ani Contoh;{wage}", "20000000002;Budi Contoh;3000000")


def person(number: str = ANI) -> Person:
    return registered.member_number(number).person


def balance(*numbers: str) -> int:
    return sum(ledger.balance(number, None).old_age_balance for number in numbers)


def test_the_record_is_what_was_reported_and_paid_over_all_numbers() -> None:
    ani_before(Month(2024, 4), 4_000_000)
    ani(Month(2024, 11), 6_000_000)
    ani(Month(2024, 12), 6_000_000)  # paid in January
    ani(Month(2025, 10), 6_500_000)
    known = queries.known(person(), today=TODAY)
    record = known.record
    assert known.member_numbers == (ANI, ANI_OLD)
    assert (record.born, record.wage, record.in_pension) == (BORN, 6_500_000, True)
    assert (record.opened, record.old_age_opening) == (2024, 0)
    assert record.earlier == ((Month(2024, 5), old_age_shares(4_000_000)), (Month(2024, 12), 342_000))
    assert record.this_year == ((Month(2025, 1), 342_000), (Month(2025, 11), old_age_shares(6_500_000)))
    assert record.pension_years == [
        PensionYear(2024, 2, 6_000_000, 10_042_300),
        PensionYear(2025, 1, 6_500_000, 10_547_400),
    ]
    assert record.pension_paid == 2 * 180_000 + 195_000
    assert known.pension_months == 3
    assert known.employers == ("PT Contoh large",)
    assert known.notes == ("several_numbers",)


def test_what_is_projected_begins_with_the_balance_of_the_books() -> None:
    ani_before(Month(2024, 4), 4_000_000)
    development.credit(year=2024, rate="5.60", decree="Decree 12 of 2025 (invented)", now=at(date(2025, 2, 1)))
    ani(Month(2025, 3), 6_000_000)
    told = queries.outlook(person(), today=TODAY, wage=0)
    record = told.known.record
    came = sum(amount for _, amount in [*record.earlier, *record.this_year])
    assert record.old_age_opening + came == balance(ANI, ANI_OLD)
    assert (record.opened, record.earlier) == (2025, ())
    flat = queries.outlook(
        person(), today=TODAY, wage=0, changed={name: {"development": 0, "inflation": 0} for name in law.SCENARIOS}
    )
    assert {each.old_age.future for each in flat.scenarios.values()} == {balance(ANI, ANI_OLD)}


def test_each_scenario_is_the_laws_own_projection_of_the_record() -> None:
    ani(Month(2025, 10), 6_500_000)
    told = queries.outlook(person(), today=TODAY)
    record = told.known.record
    assert list(told.scenarios) == ["low", "middle", "high"]
    for name, each in told.scenarios.items():
        assert each == law.project(record, today=TODAY, assumed=law.assumptions(name))
        assert each.old_age.day == date(2046, 5, 15)
        assert each.pension is not None
        for total in (each.old_age, each.pension):
            assert all(recomputed(step) == step.value for step in walk(total.derivation))
    sums = [each.old_age.today for each in told.scenarios.values()]
    assert all(one < other for one, other in pairwise(sums))


def test_a_past_year_without_a_result_earns_what_is_assumed() -> None:
    ani(Month(2024, 6), 6_000_000)  # paid on 10 July 2024
    told = queries.outlook(person(), today=date(2025, 1, 5), wage=0, changed={"low": {"development": 6}})
    assert "not_credited" in told.scenarios["low"].notes
    past, present, *_ = told.scenarios["low"].years
    assert (past.year, past.months, past.contributions) == (2024, 0, 342_000)
    assert (past.development, past.balance) == (342_000 * 6 * 6 // 1200, 352_260)
    assert (present.year, present.development) == (2025, 21_136)  # 352,260 x 6 %: 21,135.6
    development.credit(year=2024, rate="5.60", decree="Decree 12 of 2025 (invented)", now=at(date(2025, 1, 4)))
    credited = queries.outlook(person(), today=date(2025, 1, 5), wage=0)
    assert "not_credited" not in credited.scenarios["low"].notes
    assert credited.scenarios["low"].years[0].year == 2025
    assert credited.known.record.old_age_opening == balance(ANI)


def test_a_month_taken_back_counts_no_more() -> None:
    from lumbung.contributions.corrections import actions as corrections
    from lumbung.contributions.corrections.judging import Change

    ani(Month(2025, 9), 6_000_000)
    wrong = report(LARGE, Month(2025, 10), f"{ANI};Ani Contoh;16000000")
    change = Change(wage=6_000_000, back_pay=None, month=None, member_number=None)
    corrections.correct(wrong, change, member_number=ANI, reason="Salah", today=TODAY, now=at(TODAY))
    record = queries.known(person(), today=TODAY).record
    assert record.wage == 6_000_000
    assert record.pension_years == [PensionYear(2025, 2, 6_000_000, 10_547_400)]
    assert record.pension_paid == 360_000
    assert sum(amount for _, amount in record.this_year) == 684_000 == balance(ANI)


def test_a_small_employer_pays_for_no_pension() -> None:
    report(SMALL, Month(2025, 10), f"{BUDI};Budi Contoh;3000000")
    told = queries.outlook(person(BUDI), today=TODAY)
    assert (told.known.record.in_pension, told.known.record.pension_years) == (False, [])
    assert {"old_age_now", "no_pension"} <= set(told.scenarios["middle"].notes)
    assert told.scenarios["middle"].old_age.future == balance(BUDI)


def test_who_works_for_nobody_carries_forward_what_he_has() -> None:
    ani_before(Month(2024, 4), 4_000_000)
    registry.end_employment(registered.employments_on(person().pk, TODAY).get().pk, ended=date(2025, 1, 31))
    told = queries.outlook(person(), today=TODAY)
    assert "not_at_work" in told.known.notes
    assert sum(year.months for year in told.scenarios["high"].years) == 0
    assert (told.known.record.wage, told.known.record.in_pension) == (0, False)
    again = queries.outlook(person(), today=TODAY, wage=5_000_000, in_pension=True)
    assert "not_at_work" not in again.known.notes
    assert again.scenarios["low"].pension_kind == "periodic"


def test_a_new_employer_is_taken_to_pay_the_last_wage_known() -> None:
    ani_before(Month(2024, 4), 4_000_000)
    known = queries.known(person(), today=TODAY)
    assert (known.record.wage, known.record.in_pension) == (4_000_000, True)
    assert known.notes == ("several_numbers", "wage_of_another")


def test_the_self_employed_save_from_their_income() -> None:
    registry.enrol_self_employed([registry.NewSelfEmployment(CICI, 3_000_000, True, "other", date(2025, 1, 1))])
    told = queries.outlook(person(CICI), today=TODAY, changed={"low": {"wage_growth": 0}})
    assert (told.known.record.income, told.known.record.wage, told.known.notes) == (3_000_000, 0, ())
    assert told.scenarios["low"].years[0].contributions == old_age_share(3_000_000) == 59_000
    assert told.scenarios["low"].years[1].contributions == 12 * 59_000
    assert told.scenarios["high"].years[5].contributions > 12 * 59_000
    assert told.scenarios["low"].pension is None


def test_a_migrant_worker_saves_what_he_chose_until_he_comes_home() -> None:
    registry.register_migrant_contracts(
        [registry.NewMigrantContract(CICI, departs_on=date(2025, 6, 1), contract_months=12, agency=True,
                                     old_age=200_000)]
    )  # fmt: skip
    told = queries.outlook(person(CICI), today=TODAY).scenarios["middle"]
    assert [year.contributions for year in told.years[:3]] == [200_000, 5 * 200_000, 0]


def test_what_can_not_be_projected_is_refused() -> None:
    with pytest.raises(NoWageReported, match="No wage of this person"):
        queries.outlook(person(CICI), today=TODAY)
    with pytest.raises(NoWageReported):  # employed, and never reported
        queries.outlook(person(ANI), today=TODAY)
    assert queries.outlook(person(CICI), today=TODAY, wage=4_000_000).known.record.wage == 4_000_000
    with pytest.raises(BadPercent):
        queries.outlook(person(CICI), today=TODAY, wage=1, changed={"high": {"inflation": 99}})


def test_no_figure_of_the_person_stands_in_a_repr() -> None:
    ani(Month(2025, 10), 6_543_210)
    told = repr(queries.outlook(person(), today=TODAY))
    assert not [each for each in ("6543210", ANI, "1990", "5, 15") if each in told]


@pytest.fixture
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_django, "read_clock", lambda: (at(TODAY), TODAY))


def run(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(main, ["law", "projection", *arguments])


@pytest.mark.usefixtures("_clock")
def test_the_command_reads_the_record_of_a_member_number() -> None:
    ani_before(Month(2024, 4), 4_000_000)
    ani(Month(2025, 10), 6_500_000)
    for number in (ANI, ANI_OLD):
        told = json.loads(run("--member", number, "--json").stdout)
        assert told["record"] == {
            "member_numbers": 2, "employers": ["PT Contoh large"], "wage": 6_500_000,
            "wage_reported_for": "2025-10", "self_employed_income": 0, "old_age_chosen": 0,
            "old_age_opened": 2024, "old_age_opening": 0,
            "old_age_since": balance(ANI, ANI_OLD), "pension_months": 1, "pension_paid": 195_000,
            "in_pension": True,
            "notes": ["Several member numbers belong to this person; they are counted together."],
        }  # fmt: skip
    expected = queries.outlook(person(), today=TODAY).scenarios
    assert {name: told[name]["old_age"]["today"] for name in expected} == {
        name: each.old_age.today for name, each in expected.items()
    }
    shown = run("--member", ANI).stdout
    for words in ("What is on record", "PT Contoh large", "6,500,000", "2025-10", "Prices rise, % a year",
                  "Old-age savings on 2046-05-15", "no promise"):  # fmt: skip
        assert words in shown
    assert ANI not in shown
    assert "1990" not in shown


@pytest.mark.usefixtures("_clock")
def test_the_command_takes_another_wage_and_other_assumptions() -> None:
    ani(Month(2025, 10), 6_500_000)
    told = json.loads(run("--member", ANI, "--wage", "9000000", "--no-pension", "--assume", "low.inflation=4",
                          "--stops-work", "2030-12-31", "--json").stdout)  # fmt: skip
    assert (told["record"]["wage"], told["record"]["in_pension"]) == (9_000_000, False)
    assert told["low"]["assumptions"]["inflation"] == "4"
    assert (told["low"]["pension_months"], told["low"]["pension_kind"]) == (1, "lump_sum")
    assert sum(year["months"] for year in told["low"]["years"]) == 1 + 5 * 12


@pytest.mark.usefixtures("_clock")
def test_the_command_speaks_indonesian_and_explains() -> None:
    ani(Month(2025, 10), 6_500_000)
    told = run("--member", ANI, "--language", "id").stdout
    for words in ("Yang tercatat", "Harga naik, % setahun", "Tabungan hari tua pada 2046-05-15", "bukan janji"):
        assert words in told
    expected = queries.outlook(person(), today=TODAY).scenarios["middle"]
    steps = json.loads(run("--member", ANI, "--explain", "middle", "--json").stdout)["derivation"]
    assert expected.pension is not None
    assert [step["value"] for step in steps["steps"]] == [expected.old_age.today, expected.pension.today]
    text = run("--member", ANI, "--explain", "middle", "--language", "id").stdout
    assert text.startswith("Jawaban: Rp ")
    assert "Dalam harga hari ini" in text
    assert run("--member", ANI, "--explain", "middle", "--html").stdout.startswith('<div class="derivation">')


@pytest.mark.usefixtures("_clock")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--member", "99999999999"), "No member has this number."),
        (("--member", CICI), "No wage of this person was ever reported"),
        (("--member", CICI, "--born", "1990-01-01"), "--member and --born don't go together"),
        (("--member", CICI, "--pension-paid", "1"), "--member and --pension-paid don't go together"),
        (("--member", CICI, "--day", "2020-01-01"), "--member and --day don't go together"),
        (("--member", CICI, "--wage", "6.000"), "wage must be rupiah"),
        (("--wage", "6000000"), "--member or --born is missing"),
    ],
)
def test_the_command_says_what_and_why(arguments: tuple[str, ...], said: str) -> None:
    told = run(*arguments)
    assert (told.exit_code, said in " ".join(told.stderr.split())) == (2, True), told.output
    data = json.loads(run(*arguments, "--json").stdout)
    assert said in data["message"]


@pytest.mark.usefixtures("_clock")
def test_who_is_past_the_age_is_told_what_he_has_and_why() -> None:
    report(SMALL, Month(2025, 10), f"{BUDI};Budi Contoh;3000000")
    told = run("--member", BUDI).stdout
    assert "The age for old-age savings is reached" in told
    assert "so there is no pension" in " ".join(told.split())
