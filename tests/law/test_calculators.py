"""The calculators say what the law's own functions say, and their derivations hold the same figures."""

from datetime import date

import pytest

from lumbung.errors import Refusal
from lumbung.law import calculators, contributions, development, pension, self_employed
from lumbung.law.derivation import UNITS, recomputed, walk
from lumbung.law.errors import BadInput, MissingInput, NotYetInForce, Unknown, WrongOrder
from lumbung.law.month import Month

TODAY = date(2026, 11, 29)
NOVEMBER = Month(2026, 11)


def samples() -> list[calculators.Result]:
    return [
        calculators.contribution(segment="PU", month=NOVEMBER, wage=8_000_000, risk_class="II"),
        calculators.contribution(segment="BPU", month=NOVEMBER, income=2_000_000, sector="transport"),
        calculators.old_age(wage=5_000_000, years=30, opening=1_000_000, rate="5.7"),
        calculators.pension_at(born=date(1985, 3, 2), wage=6_000_000, since=2016, today=TODAY),
        calculators.pension_at(born=date(1972, 3, 2), wage=6_000_000, since=2020, today=TODAY),
    ]


def test_a_workers_contribution_is_the_laws():
    found = calculators.contribution(segment="PU", month="2026-11", wage="8000000", risk_class="II")
    owed = contributions.assess(wage=8_000_000, month=NOVEMBER, risk_class="II")
    for figure in found.figures:
        assert figure.value == getattr(owed, figure.name), figure.name
    assert found.value("total") == found.derivation.value == 763_200


def test_who_works_for_himself_pays_what_the_law_says():
    found = calculators.contribution(segment="BPU", month=NOVEMBER, income=2_000_000, sector="transport")
    owed = self_employed.assess(income=2_000_000, month=NOVEMBER, sector="transport")
    assert {figure.name: figure.value for figure in found.figures} == {
        name: getattr(owed, name) for name in ("base", "jht", "jkk", "jkm", "total")
    }
    assert found.derivation.value == owed.total


def test_old_age_savings_are_the_laws_plan():
    found = calculators.old_age(wage=5_000_000, years=30, opening=1_000_000, rate="5.7")
    plan = development.plan(wage=5_000_000, years=30, rate="5.7", opening=1_000_000)
    assert found.value("closing") == plan.closing == found.derivation.value
    assert found.value("contributions") == plan.contributions == 30 * 12 * found.value("monthly")
    assert found.value("development") == plan.development


def test_without_a_rate_the_usual_one_is_assumed_and_shown():
    found = calculators.old_age(wage=5_000_000, years=1)
    assert found.value("rate") * 100 == calculators.usual_rate() == 5
    assert found == calculators.old_age(wage=5_000_000, years=1, rate=5)


def test_a_pension_names_its_day_its_sum_and_both_prices():
    found = calculators.pension_at(born="1985-03-02", wage=6_000_000, since=2016, today=TODAY)
    when = pension.age(date(1985, 3, 2))
    assert (found.value("age"), found.value("right_from")) == (when.age, when.right_from)
    assert found.value("months") == 11 * 12 - 1 + 23 * 12 + 2 + 1  # to the month before the birthday's
    assert found.value("today") < found.value("future")
    assert found.derivation.value == found.value("today")
    assert "bounds_moved" in found.notes


def test_who_pays_less_than_fifteen_years_gets_one_sum():
    found = calculators.pension_at(born=date(1972, 3, 2), wage=6_000_000, since=2020, today=TODAY)
    assert found.value("months") < 180
    assert "lump_sum" in found.notes
    assert found.value("future") > 0


def test_the_first_year_of_the_programme_began_in_july():
    early, late = (
        calculators.pension_at(born=date(1985, 3, 2), wage=6_000_000, since=year, today=TODAY).value("months")
        for year in (2015, 2016)
    )
    assert early - late == 6


def test_who_was_too_old_has_no_pension_and_is_told_why():
    found = calculators.pension_at(born=date(1950, 1, 1), wage=6_000_000, since=2016, today=TODAY)
    assert (found.figures, found.derivation) == ((), None)
    assert "too_old_for_pension" in found.notes


def test_a_wage_of_nothing_gives_nothing():
    found = calculators.pension_at(born=date(1985, 3, 2), wage=0, since=2026, today=TODAY)
    assert found.derivation is not None
    assert calculators.old_age(wage=0, years=1).value("closing") == 0


@pytest.mark.parametrize(
    ("refusal", "ask"),
    [
        (MissingInput, lambda: calculators.contribution(segment="PU", month=NOVEMBER, risk_class="I")),
        (MissingInput, lambda: calculators.contribution(segment="PU", month=NOVEMBER, wage=1)),
        (MissingInput, lambda: calculators.contribution(segment="BPU", month=NOVEMBER)),
        (BadInput, lambda: calculators.contribution(segment="PMI", month=NOVEMBER, wage=1)),
        (NotYetInForce, lambda: calculators.contribution(segment="PU", month="2015-06", wage=1, risk_class="I")),
        (Unknown, lambda: calculators.contribution(segment="PU", month="2027-03", wage=1, risk_class="I")),
        (BadInput, lambda: calculators.old_age(wage=1, years=51)),
        (BadInput, lambda: calculators.old_age(wage=-1, years=5)),
        (BadInput, lambda: calculators.pension_at(born=date(1990, 1, 1), wage=1, since=2014, today=TODAY)),
        (BadInput, lambda: calculators.pension_at(born=date(1990, 1, 1), wage=1, since=2027, today=TODAY)),
        (WrongOrder, lambda: calculators.pension_at(born=date(2024, 1, 1), wage=1, since=2020, today=TODAY)),
        (WrongOrder, lambda: calculators.pension_at(born=date(2026, 12, 1), wage=1, since=2026, today=TODAY)),
    ],
)
def test_what_can_not_be_is_refused(refusal: type[Refusal], ask):
    with pytest.raises(refusal):
        ask()


def test_every_figure_has_a_label_a_unit_and_a_name_of_its_own():
    for found in samples():
        names = [figure.name for figure in found.figures]
        assert len(set(names)) == len(names)
        assert [figure.weight for figure in found.figures].count("main") == 1
        assert {figure.unit for figure in found.figures} <= set(UNITS)
        assert set(found.notes) <= set(calculators.NOTES)


def test_every_step_of_a_derivation_can_be_recomputed():
    for found in samples():
        for step in walk(found.derivation):
            assert recomputed(step) == step.value
