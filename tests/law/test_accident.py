"""Work accidents and deaths beside their cases: the way, the disabilities, scholarships, what always holds."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.law.bounded import bounded

from lumbung.law import accident, death
from lumbung.law.derivation import recomputed, walk
from lumbung.law.errors import BadInput, NotYetInForce, Unknown

OLD, NEW = date(2019, 12, 1), date(2019, 12, 2)


@pytest.mark.parametrize(
    ("way", "before", "after"),
    [("land", 1_000_000, 5_000_000), ("sea", 1_500_000, 2_000_000), ("air", 2_500_000, 10_000_000)],
)
def test_the_way_is_paid_up_to_a_limit_that_rose_in_2019(way: str, before: int, after: int) -> None:
    assert accident.transport(way, date(2015, 7, 1)) == accident.transport(way, OLD) == before
    assert accident.transport(way, NEW) == after
    with pytest.raises(NotYetInForce):
        accident.transport(way, date(2015, 6, 30))


def test_there_are_three_ways() -> None:
    with pytest.raises(BadInput, match="way must be one of air, land, sea; rail is none"):
        accident.transport("rail", NEW)


def test_the_table_of_disabilities_is_whole() -> None:
    table = accident.disabilities(date(2015, 7, 1))
    assert table == accident.disabilities(date(2026, 1, 1))
    assert len(table) == 46
    with pytest.raises(NotYetInForce):
        accident.disabilities(date(2015, 6, 30))
    for code, row in table.items():
        assert row.code == code
        assert 0 < row.least <= row.most <= 70
        assert row.name
        assert row.confidence in {"sourced", "K-high", "K-med"}


@pytest.mark.parametrize(
    ("code", "percent"),
    [
        ("arm_right_shoulder", 40),
        ("arm_left_shoulder", 35),
        ("eyes_both", 70),
        ("eye_one", 35),
        ("hearing_both", 40),
        ("hearing_one", 20),
        ("ear_shell_one", 5),
        ("ear_shells_both", 10),
        ("nostril_wing", 30),
        ("nasal_septum", 15),
        ("smell", 10),
        ("colour_vision", 10),
        ("hearing_loss_both_10_db", 6),
        ("hearing_loss_one_10_db", 3),
        ("visual_field_10_percent", 7),
        ("index_first_joint_right", Fraction(9, 2)),
    ],
)
def test_the_rows_that_were_seen_are_as_they_were_seen(code: str, percent: object) -> None:
    row = accident.disabilities(NEW)[code]
    assert row.least == row.most == percent
    assert (row.confidence == "sourced") == (code != "index_first_joint_right")


def test_a_doctor_chooses_within_a_range_and_some_rows_count_by_steps() -> None:
    table = accident.disabilities(NEW)
    assert [code for code, row in table.items() if row.least != row.most] == ["scalp"]
    assert (table["scalp"].least, table["scalp"].most) == (10, 30)
    assert {code: row.per for code, row in table.items() if row.per} == {
        "hearing_loss_both_10_db": "10 dB",
        "hearing_loss_one_10_db": "10 dB",
        "sight_10_percent": "10 %",
        "visual_field_10_percent": "10 %",
    }


def test_scholarships_after_a_death_in_peace_need_three_years_of_contributions() -> None:
    assert death.scholarship_after(NEW) == 3
    with pytest.raises(Unknown):
        death.scholarship_after(OLD)
    with pytest.raises(Unknown):
        death.scholarship_after(date(2015, 7, 1))
    with pytest.raises(NotYetInForce):
        death.scholarship_after(date(2015, 6, 30))


def test_both_ends_of_a_scholarship_are_told() -> None:
    levels = death.scholarship(children=1, day=NEW).derivation
    assert [levels.find(level).value for level in death.LEVELS] == [12_000_000, 6_000_000, 9_000_000, 60_000_000]


def test_what_a_kind_does_not_have_is_none() -> None:
    partial = accident.accident(kind="partial_disability", wage=1_000_000, day=NEW, table_percent=5)
    total = accident.accident(kind="total_disability", wage=1_000_000, day=NEW)
    assert (partial.periodic, partial.funeral) == (None, None)
    assert (total.periodic, total.funeral) == (12_000_000, None)


wages = st.integers(0, 10**9)
percents = st.decimals("0", "100", places=1)


@bounded
@given(st.sampled_from(accident.KINDS), wages, percents, percents, st.integers(0, 600))
def test_every_part_is_recomputed_and_the_total_adds_them(
    kind: str, wage: int, table: object, loss: object, off: int
) -> None:
    asked = {"kind": kind, "wage": wage, "table_percent": table, "loss_percent": loss, "months_off": off}
    got = accident.accident(**asked, day=NEW)  # type: ignore[arg-type]
    assert got.total == got.compensation + (got.periodic or 0) + (got.funeral or 0) == got.derivation.value
    assert all(recomputed(step) == step.value for step in walk(got.derivation))
    more = accident.accident(**{**asked, "wage": wage + 1}, day=NEW)  # type: ignore[arg-type]
    assert more.total >= got.total


@bounded
@given(wages, st.integers(0, 599), st.sampled_from([OLD, NEW]))
def test_a_month_more_without_work_is_never_paid_less(wage: int, off: int, day: date) -> None:
    here, more = (accident.accident(kind="temporary", wage=wage, day=day, months_off=n) for n in (off, off + 1))
    assert here.compensation <= more.compensation <= here.compensation + wage
    assert here.compensation >= wage * off // 2


@pytest.mark.parametrize(("off", "spans"), [(0, 0), (1, 1), (12, 1), (13, 2), (600, 2)])
def test_only_the_spans_that_were_reached_are_told(off: int, spans: int) -> None:
    told = accident.accident(kind="temporary", wage=1_000_000, day=NEW, months_off=off).derivation
    assert sum(step.name == "span" for step in walk(told)) == spans
