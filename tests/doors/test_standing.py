"""Where a person stands: one statement, the same status as everywhere, the sums that the law itself gives."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lives import LIVES, TODAY, Life, months

from lumbung.contributions import queries as contributions
from lumbung.contributions.gaps import queries as gaps
from lumbung.law import accident, death, job_loss_benefit, old_age
from lumbung.law.derivation import recomputed, walk
from lumbung.law.month import Month
from lumbung.ledger import queries as ledger
from lumbung.registry.actions import NewPerson, NewSelfEmployment, enrol_self_employed, register_persons
from lumbung.registry.models import Person
from lumbung.standing.benefits import benefit, benefits
from lumbung.standing.queries import Standing, standing

pytestmark = pytest.mark.django_db


def person_of(username: str) -> Person:
    return Person.objects.get(user__username=username)


def of(life: Life, today: date = TODAY) -> Standing:
    assert life.user.person is not None
    return standing(life.user.person, today=today)


@pytest.mark.parametrize("make", LIVES.values(), ids=list(LIVES))
def test_one_statement_says_what_the_books_and_the_status_say(make: Callable[[], Life]) -> None:
    life = make()
    with CaptureQueriesContext(connection) as asked:
        found = of(life)
    assert len(asked) == 1
    assert [each.member_number for each in found.accounts] == list(life.numbers)
    for account in found.accounts:
        assert account == ledger.balance(account.member_number, None)
    for today in (TODAY, date(2026, 3, 1), date(2025, 6, 1), date(2026, 12, 20), date(2027, 2, 1)):
        then = of(life, today)
        assert then.status == contributions.status(life.user.person_id, today=today)
        known = gaps.attention(life.numbers, today=today, covers=then.covers)
        assert known == gaps.attention(life.numbers, today=today)
    for each in benefits(found.facts):
        for part in each.parts:
            assert part.derivation is None or all(step.value == recomputed(step) for step in walk(part.derivation))


def test_the_wage_is_the_present_employers_last_one() -> None:
    found = of(months("upah", 14, wage=6_000_000, employers=2))
    assert found.wage is not None
    assert (found.wage.amount, found.wage.month, found.wage.is_present) == (6_050_000, Month(2026, 10), True)
    assert found.facts.member_since == date(2025, 9, 1)
    assert [work.name for work in found.employers] == ["PT Upah 2"]


def test_each_programme_pays_what_the_law_says() -> None:
    found = of(months("cukup", 14, wage=6_000_000))
    by_code = {each.code: each for each in benefits(found.facts)}
    assert list(by_code) == ["JHT", "JP", "JKK", "JKM"]
    jht, jp, jkk, jkm = (by_code[code].parts for code in by_code)
    assert jht[0].amount == found.total.old_age_balance
    claim = old_age.claim(cause="age", day=TODAY, born=date(1990, 1, 1))
    assert jht[0].payable_from == claim.start.value
    assert [part.percent for part in jht] == [100, 30, 10]
    assert jht[1].payable_from == date(2035, 9, 1)
    assert (jp[0].amount, jp[0].payable_from) == (found.total.pension_contributions, date(2055, 2, 1))
    assert jkk[0].amount == accident.accident(kind="death", wage=6_050_000, day=TODAY).total
    assert jkm[0].amount == death.death(TODAY).total


def test_job_loss_is_told_where_the_work_is_insured_against_it() -> None:
    found = of(months("rugi", 14, wage=6_000_000))
    assert benefit(found.facts, "JKP") is None
    told = benefit(replace(found.facts, job_loss_insured=True), "JKP")
    assert told is not None
    (part,) = told.parts
    assert part.amount == job_loss_benefit.job_loss(wage=6_050_000, dismissed_on=TODAY).total
    assert part.problems == ()


def test_who_has_stopped_working_may_claim_it_all_after_a_month() -> None:
    life = months("berhenti", 14)
    life.user.person.member_numbers.get().employments.update(ended=date(2026, 10, 31))  # type: ignore[union-attr]
    told = benefit(of(life).facts, "JHT")
    assert told is not None
    assert (told.parts[0].percent, told.parts[0].payable_from) == (100, date(2026, 11, 30))
    assert not told.is_covered


def test_nothing_is_said_of_what_is_neither_covered_nor_saved() -> None:
    life = LIVES["paid out"]()
    assert [each.code for each in benefits(of(life).facts)] == ["JP"]
    assert benefits(of(LIVES["nothing"]()).facts) == ()


def test_a_pension_comes_every_month_once_fifteen_years_are_paid(monkeypatch: pytest.MonkeyPatch) -> None:
    found = of(months("pensiun", 135, wage=6_000_000))
    assert found.pension_years == ()
    assert found.pension_months == 135
    monkeypatch.setattr("lumbung.standing.queries._pension_needs", lambda: 135)
    years = standing(person_of("pensiun"), today=TODAY).pension_years
    assert sum(row.months for row in years) == 135


def test_who_insures_himself_is_paid_on_the_base_of_his_band() -> None:
    person = register_persons([NewPerson("Sapto Uji", date(1985, 4, 4), ("55000000001",))])[0].person
    enrol_self_employed([NewSelfEmployment("55000000001", 1_550_000, True, "other", date(2026, 1, 1))])
    found = standing(person, today=TODAY)
    assert found.facts.income == 1_550_000
    assert {each.code for each in benefits(found.facts)} == {"JHT", "JKK", "JKM"}
    told = benefit(found.facts, "JKK")
    assert told is not None
    assert told.parts[0].amount == accident.accident(kind="death", wage=1_600_000, day=TODAY).total


def test_figures_stay_out_of_what_a_log_could_show() -> None:
    found = of(months("diam", 2))
    assert "5000000" not in repr(found)
    assert "570000" not in repr(found)
