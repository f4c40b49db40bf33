"""Claims on old-age savings beside their cases: papers, limits, days, and what always holds of the tax."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.law.bounded import bounded

from lumbung.law import old_age
from lumbung.law.derivation import recomputed, walk
from lumbung.law.errors import BadInput, NotYetInForce
from lumbung.law.old_age import CAUSES, DOCUMENTS, PARTIAL, PROBLEMS, Payment
from lumbung.law.parameter import parameter


def test_a_pensioner_needs_a_card_and_an_identity_card_only() -> None:
    assert old_age.documents("age", date(2022, 4, 26)) == ("member_card", "identity_card")


def test_before_permenaker_4_of_2022_the_papers_were_others() -> None:
    with pytest.raises(NotYetInForce):
        old_age.documents("age", date(2022, 4, 25))
    with pytest.raises(NotYetInForce):
        old_age.decision_days(date(2022, 4, 25))


@pytest.mark.parametrize("cause", CAUSES)
def test_every_cause_has_papers_with_a_name(cause: str) -> None:
    needed = old_age.documents(cause, date(2025, 1, 1))
    assert needed[0] == "member_card"
    assert len(set(needed)) == len(needed)
    assert set(needed) <= set(DOCUMENTS)
    assert all(DOCUMENTS[each] for each in needed)


def test_the_papers_follow_what_branches_ask() -> None:
    day = date(2025, 1, 1)
    assert old_age.documents("resigned", day) == old_age.documents("dismissed", day)
    assert {"work_ended_proof", "photo", "savings_book", "tax_number_if_large"} <= set(
        old_age.documents("resigned", day)
    )
    assert set(old_age.documents("left_indonesia", day)) == {"member_card", "not_working_statement", "passport"}
    assert "doctor_certificate" in old_age.documents("total_disability", day)
    assert {"death_certificate", "heir_certificate", "family_card"} <= set(old_age.documents("death", day))
    assert {"savings_book", "work_statement", "tax_number_if_any"} <= set(
        old_age.documents("retirement_preparation", day)
    )
    assert {"savings_book", "housing_bank_documents", "bank_account", "tax_number"} <= set(
        old_age.documents("housing", day)
    )
    assert {paper for cause in CAUSES for paper in old_age.documents(cause, day)} == set(DOCUMENTS)


def test_a_strange_cause_has_no_papers() -> None:
    with pytest.raises(BadInput, match="wedding"):
        old_age.documents("wedding", date(2025, 1, 1))


@pytest.mark.parametrize(
    ("day", "limit"),
    [
        ("2021-09-01", 10_000_000),
        ("2025-04-30", 10_000_000),
        ("2025-05-01", 15_000_000),
        ("2026-01-01", 15_000_000),
    ],
)
def test_the_electronic_limit_rose_in_may_2025(day: str, limit: int) -> None:
    assert old_age.electronic_limit(date.fromisoformat(day)) == limit


def test_before_the_app_there_was_no_electronic_limit() -> None:
    with pytest.raises(NotYetInForce):
        old_age.electronic_limit(date(2021, 8, 31))


def test_five_working_days_leave_out_week_ends_and_holidays() -> None:
    assert old_age.decision_days(date(2022, 4, 26)) == 5
    monday = date(2025, 6, 2)
    assert old_age.paid_until(monday) == date(2025, 6, 9)
    assert old_age.paid_until(date(2025, 6, 6)) == date(2025, 6, 13)  # a Friday
    assert old_age.paid_until(date(2025, 6, 7)) == date(2025, 6, 13)  # a Saturday
    assert old_age.paid_until(monday, [date(2025, 6, 6), date(2025, 6, 9)]) == date(2025, 6, 11)
    assert old_age.paid_until(monday, [date(2025, 6, 7)]) == date(2025, 6, 9)  # a holiday on a Saturday


def test_every_problem_has_a_sentence() -> None:
    assert set(PROBLEMS) == {
        "waiting",
        "still_active",
        "below_age",
        "member_less_than_ten_years",
        "already_withdrawn_in_part",
    }
    assert all(sentence.endswith(".") for sentence in PROBLEMS.values())


days = st.dates(date(2015, 9, 1), date(2030, 12, 31))


@bounded
@given(
    st.sampled_from(CAUSES),
    days,
    days,
    st.dates(date(1950, 1, 1), date(2000, 1, 1)),
    days,
    st.booleans(),
    st.booleans(),
)
def test_a_claim_is_barred_or_has_a_day(
    cause: str, day: date, happened_on: date, born: date, since: date, taken: bool, active: bool
) -> None:
    asked = {"cause": cause, "born": born, "member_since": since, "active": active}
    if cause == "contract_ended":
        day = max(day, date(2022, 4, 26))
    claim = old_age.claim(**asked, day=day, happened_on=happened_on, already_withdrawn_in_part=taken)  # type: ignore[arg-type]
    bars = set(claim.problems) - {"waiting"}
    assert (claim.payable_from is None) == bool(bars) == (claim.payable_percent == 0)
    assert "still_active" not in bars or cause not in PARTIAL
    assert "waiting" not in claim.problems or claim.start.value > day  # type: ignore[operator]
    if claim.payable_from is not None:
        assert ("waiting" in claim.problems) == (day < claim.payable_from)
        later = old_age.claim(**asked, day=max(day, claim.payable_from), happened_on=happened_on,  # type: ignore[arg-type]
                              already_withdrawn_in_part=taken)  # fmt: skip
        assert later.payable_percent == claim.payable_percent
        assert later.problems == ()
    assert all(recomputed(step) == step.value for top in (claim.derivation, claim.start) for step in walk(top))


payments = st.lists(
    st.builds(Payment, day=st.dates(date(2015, 1, 1), date(2025, 12, 31)), gross=st.integers(0, 10**10)),
    min_size=1,
    max_size=6,
)


@bounded
@given(payments, st.booleans())
def test_a_tax_is_recomputed_and_never_more_than_the_payment(told: list[Payment], numbered: bool) -> None:
    owed = old_age.tax(payments=told, tax_number=numbered)
    for payment, amount, final, step in zip(told, owed.tax, owed.final, owed.derivations, strict=True):
        assert 0 <= amount <= payment.gross
        assert final == (payment.day.year <= min(each.day for each in told).year + 1)
        assert step.value == amount
        assert all(recomputed(each) == each.value for each in walk(step))


@bounded
@given(payments)
def test_final_tax_is_that_of_the_sum_but_for_what_was_dropped(told: list[Payment]) -> None:
    first = min(each.day for each in told)
    final = [each for each in told if each.day.year <= first.year + 1]
    owed = old_age.tax(payments=final)
    (whole,) = old_age.tax(payments=[Payment(first, min(sum(each.gross for each in final), 10**15))]).tax
    assert whole - len(final) < sum(owed.tax) <= whole


@bounded
@given(st.integers(0, 10**10), st.integers(0, 10**10), st.booleans())
def test_progressive_tax_of_two_payments_of_a_year_is_that_of_their_sum(
    one: int, two: int, numbered: bool
) -> None:
    start = Payment(date(2020, 1, 1), 0)
    split = old_age.tax(
        payments=[start, Payment(date(2024, 1, 1), one), Payment(date(2024, 5, 1), two)], tax_number=numbered
    )
    whole = old_age.tax(payments=[start, Payment(date(2024, 1, 1), one + two)], tax_number=numbered)
    assert 0 <= whole.tax[1] - sum(split.tax) <= 1


@pytest.mark.parametrize(
    ("day", "more"), [(date(2011, 1, 1), 1), (date(2021, 12, 31), 1), (date(2022, 1, 1), 1), (date(2025, 1, 1), 1)]
)
def test_without_a_tax_number_a_fifth_more_is_owed_on_each_side_of_new_slices(day: date, more: int) -> None:
    rows = [Payment(date(2009, 11, 16), 0), Payment(day, 70_000_000)]
    (_, numbered), (_, unnumbered) = (old_age.tax(payments=rows, tax_number=has).tax for has in (True, False))
    assert unnumbered * 5 == numbered * 6 * more


def test_the_slices_of_2009_hold_until_the_last_day_of_2021() -> None:
    brackets = parameter("income_tax_brackets")
    assert list(brackets.at(date(2009, 1, 1)).content) == [50_000_000, 250_000_000, 500_000_000, "above"]
    assert brackets.at(date(2021, 12, 31)) == brackets.at(date(2009, 1, 1))
    assert next(iter(brackets.at(date(2022, 1, 1)).content)) == 60_000_000
    for name in ("income_tax_brackets", "no_tax_number_surcharge"):
        with pytest.raises(NotYetInForce):
            parameter(name).at(date(2009, 1, 1) - timedelta(days=1))
    assert parameter("no_tax_number_surcharge").at(date(2009, 1, 1)).whole() == 20


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"cause": "wedding"}, "cause must be one of age, contract_ended, death, dismissed, housing, "),
        ({"cause": "age"}, "born is missing"),
        ({"cause": "housing"}, "member_since is missing"),
        ({"cause": "resigned"}, "happened_on is missing"),
        ({"cause": "age", "born": date(1960, 1, 1), "active": 1}, "active must be true or false"),
        ({"cause": "age", "already_withdrawn_in_part": 0}, "already_withdrawn_in_part must be true or false"),
    ],
)
def test_what_a_claim_lacks_is_named(asked: dict, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        old_age.claim(day=date(2025, 1, 1), **asked)


def test_what_a_tax_lacks_is_named() -> None:
    with pytest.raises(BadInput, match="payments is missing"):
        old_age.tax(payments=[])
    with pytest.raises(BadInput, match="gross must be whole rupiah from 0"):
        old_age.tax(payments=[Payment(date(2025, 1, 1), -1)])
    with pytest.raises(BadInput, match="tax_number must be true or false"):
        old_age.tax(payments=[Payment(date(2025, 1, 1), 1)], tax_number=1)  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="cause must be one of age"):
        old_age.documents("wedding", date(2025, 1, 1))


def test_who_leaves_indonesia_may_claim_before_and_after_leaving() -> None:
    left, claimed = date(2025, 3, 10), date(2025, 3, 1)
    for happened_on, day, start in ((left, claimed, claimed), (claimed, left, claimed), (None, left, left)):
        claim = old_age.claim(cause="left_indonesia", day=day, happened_on=happened_on)
        assert claim.payable_from == start
        assert claim.problems == ()


def test_slices_of_the_year_without_any_money_are_not_told() -> None:
    told = old_age.tax(payments=[Payment(date(2021, 5, 1), 1), Payment(date(2025, 5, 1), 60_000_000)])
    assert [step.value for step in walk(told.derivations[1]) if step.name == "slice"] == [60_000_000]
    whole = old_age.tax(payments=[Payment(date(2021, 5, 1), 1), Payment(date(2025, 5, 1), 60_000_001)])
    assert [step.value for step in walk(whole.derivations[1]) if step.name == "slice"] == [60_000_000, 1]
