"""Self-employed members, projects and migrant contracts are facts with days; the database refuses overlaps."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from lumbung.registry import actions, queries
from lumbung.registry.errors import (
    AlreadyRegistered,
    BadFact,
    NoSuchContract,
    NoSuchMember,
    NoSuchProject,
    OverlappingEnrolment,
)
from lumbung.registry.models import Employer, SelfEmployment

NUMBER = "10000000077"


@pytest.fixture
def member(db: None) -> int:
    (registered,) = actions.register_persons([actions.NewPerson("Dewi Contoh", date(1990, 1, 1), (NUMBER,))])
    return registered.person.pk


@pytest.fixture
def employer(db: None) -> Employer:
    return actions.register_employer(full_number="00000007-000", name="PT Contoh", risk_class="V", size="medium")


def enrol(starts: date, ends: date | None = None, **facts: object) -> SelfEmployment:
    given = {"income": 2_000_000, "old_age": True, "sector": "other"} | facts
    (enrolled,) = actions.enrol_self_employed(
        [actions.NewSelfEmployment(NUMBER, starts=starts, ends=ends, **given)]  # type: ignore[arg-type]
    )
    return enrolled


def contract(departs_on: date, months: int = 12, **facts: int) -> actions.NewMigrantContract:
    return actions.NewMigrantContract(NUMBER, departs_on, months, agency=True, **facts)


def test_a_change_of_income_is_a_new_enrolment_after_the_old_one(member: int) -> None:
    first = enrol(date(2024, 3, 10))
    with pytest.raises(OverlappingEnrolment):
        enrol(date(2025, 1, 1), income=3_000_000)
    actions.end_self_employment(first.pk, ends=date(2024, 12, 31))
    second = enrol(date(2025, 1, 1), income=3_000_000, old_age=False)
    assert first.programmes == {"JKK", "JKM", "JHT"}
    assert second.programmes == {"JKK", "JKM"}
    touched = queries.self_employed_between(NUMBER, date(2024, 12, 1), date(2025, 1, 31))
    assert [row.pk for row in touched] == [first.pk, second.pk]
    assert [row.pk for row in queries.self_employments_on(member, date(2024, 12, 31))] == [first.pk]
    assert not queries.self_employments_on(member, date(2024, 3, 9))


def test_an_end_is_noted_once_and_only_moved_back(member: int) -> None:
    enrolled = enrol(date(2024, 3, 10), date(2024, 12, 31))
    for wrong in (date(2024, 3, 9), date(2025, 1, 1)):
        with pytest.raises(BadFact):
            actions.end_self_employment(enrolled.pk, ends=wrong)
    assert actions.end_self_employment(enrolled.pk, ends=date(2024, 6, 30)).ends == date(2024, 6, 30)


@pytest.mark.parametrize(
    "facts", [{"income": 0}, {"income": 10**16}, {"sector": "sea"}, {"ends": date(2023, 12, 31)}]
)
def test_enrolments_that_cannot_be_are_refused_without_saying_the_income(member: int, facts: dict) -> None:
    with pytest.raises(BadFact) as refused:
        enrol(date(2024, 1, 1), **facts)
    assert "2000000" not in refused.value.say()
    assert not SelfEmployment.objects.exists()


@pytest.mark.parametrize("days", [(date(1, 1, 1), None), (date(9999, 12, 31), None), (date(2024, 1, 1), date.max)])
def test_days_of_a_mistyped_year_are_refused_and_said(member: int, days: tuple[date, date | None]) -> None:
    with pytest.raises(BadFact, match=r"The day (0001|9999)-.* from 1950-01-01 to 2199-12-31"):
        enrol(*days)
    assert not SelfEmployment.objects.exists()


def test_an_income_stands_in_no_repr() -> None:
    assert "777" not in repr(
        actions.NewSelfEmployment(NUMBER, income=7_770_000, old_age=True, sector="other", starts=date(2024, 1, 1))
    )


def test_strangers_can_not_be_enrolled(db: None) -> None:
    with pytest.raises(NoSuchMember):
        enrol(date(2024, 1, 1))
    with pytest.raises(NoSuchMember):
        actions.register_migrant_contracts([contract(date(2024, 1, 1))])


def test_all_enrolments_of_a_set_or_none(member: int) -> None:
    facts = {"income": 2_000_000, "old_age": False, "sector": "transport"}
    good = actions.NewSelfEmployment(NUMBER, starts=date(2024, 1, 1), **facts)
    stranger = actions.NewSelfEmployment("10000000078", starts=date(2024, 1, 1), **facts)
    with pytest.raises(NoSuchMember):
        actions.enrol_self_employed([good, stranger])
    with pytest.raises(OverlappingEnrolment):
        actions.enrol_self_employed([good, good])
    assert not SelfEmployment.objects.exists()


@pytest.mark.parametrize(
    ("departs_on", "months", "extension", "ends"),
    [
        (date(2024, 3, 15), 12, 0, date(2025, 3, 14)),
        (date(2024, 8, 31), 6, 0, date(2025, 2, 27)),
        (date(2024, 1, 1), 24, 3, date(2026, 3, 31)),
    ],
)
def test_the_last_day_of_a_contract_is_reckoned_by_the_database(
    member: int, departs_on: date, months: int, extension: int, ends: date
) -> None:
    (row,) = actions.register_migrant_contracts([contract(departs_on, months, extension_months=extension)])
    assert queries.migrant_contract(row.pk).ends == ends
    assert [found.pk for found in queries.migrant_contracts_on(member, ends)] == [row.pk]
    with pytest.raises(OverlappingEnrolment):
        actions.register_migrant_contracts([contract(ends)])


@pytest.mark.parametrize(
    "wrong",
    [
        contract(date(2024, 1, 1), 0),
        contract(date(2024, 1, 1), old_age=-1),
        contract(date(9999, 12, 31)),
        contract(date(1, 1, 1)),
    ],
)
def test_contracts_that_cannot_be_are_refused(member: int, wrong: actions.NewMigrantContract) -> None:
    with pytest.raises(BadFact):
        actions.register_migrant_contracts([wrong])


def test_a_project_is_registered_once(employer: Employer) -> None:
    new = actions.NewProject("Jembatan Contoh", 600_000_000, date(2024, 2, 1), date(2024, 11, 30))
    (project,) = actions.register_projects(employer, [new])
    assert queries.project(project.pk).employer == employer
    with pytest.raises(AlreadyRegistered):
        actions.register_projects(employer, [new])
    for wrong in (
        actions.NewProject("", 1, date(2024, 2, 1), date(2024, 2, 1)),
        actions.NewProject("X", 0, date(2024, 2, 1), date(2024, 2, 1)),
        actions.NewProject("X", 1, date(2024, 2, 1), date(2024, 1, 31)),
        actions.NewProject("X", 1, date(2024, 2, 1), date(9999, 1, 31)),
    ):
        with pytest.raises(BadFact):
            actions.register_projects(employer, [wrong])


def test_what_is_not_there_is_said(db: None) -> None:
    with pytest.raises(NoSuchProject):
        queries.project(1)
    with pytest.raises(NoSuchContract):
        queries.migrant_contract(1)


def test_reliefs_are_facts_of_an_employer(employer: Employer) -> None:
    actions.note_reliefs(employer, labour_intensive=True, relief_covid=False)
    noted = queries.employer("00000007-000")
    assert (noted.labour_intensive, noted.relief_covid) == (True, False)


SELF_EMPLOYED = (
    "INSERT INTO registry_selfemployment (member_number_id, income, sector, starts, ends, old_age, paid_by_state,"
    " relief_covid) VALUES ('10000000077', {}, true, false, false)"
)
PROJECT = (
    "INSERT INTO registry_project (employer_id, name, contract_value, starts, ends, relief_covid)"
    " SELECT id, 'X', {}, false FROM registry_employer"
)
CONTRACT = (
    "INSERT INTO registry_migrantcontract (member_number_id, departs_on, contract_months, extension_months,"
    " agency, old_age) VALUES ('10000000077', '2024-01-01', {})"
)
IMPOSSIBLE = {
    "self_employment_income": SELF_EMPLOYED.format("0, 'other', '2024-01-01', NULL"),
    "self_employment_sector": SELF_EMPLOYED.format("1, 'sea', '2024-01-01', NULL"),
    "self_employment_ends_after_start": SELF_EMPLOYED.format("1, 'other', '2024-01-02', '2024-01-01'"),
    "project_value": PROJECT.format("0, '2024-01-01', '2024-01-01'"),
    "project_ends_after_start": PROJECT.format("1, '2024-01-02', '2024-01-01'"),
    "migrant_contract_months": CONTRACT.format("12, -1, true, 0"),
    "migrant_contract_old_age": CONTRACT.format("12, 0, true, -1"),
}


@pytest.mark.parametrize("constraint", IMPOSSIBLE)
def test_the_database_itself_refuses_what_cannot_be(member: int, employer: Employer, constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(IMPOSSIBLE[constraint])
