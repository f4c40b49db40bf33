"""Examples that others published, to the rupiah, and the table of disabilities as it was collected (facts.md)."""

import csv
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from lumbung.law import (
    accident,
    contributions,
    death,
    development,
    fines,
    job_loss_benefit,
    pension,
    self_employed,
)
from lumbung.law.month import Month

TABLE = Path(__file__).parent / "disabilities.csv"
CONFIDENCE = {"S": "sourced", "K-high": "K-high", "K-med": "K-med", "S (7) / K-high (setiap 10 persen)": "K-high"}


def wage_worker(wage: int, month: Month, risk_class: str = "II") -> contributions.Assessment:
    return contributions.assess(wage=wage, month=month, risk_class=risk_class)


def test_c1_a_restaurant_worker_on_one_million() -> None:
    owed = wage_worker(1_000_000, Month(2019, 1))
    assert (owed.jht_employer, owed.jht_member, owed.jkk, owed.jkm) == (37_000, 20_000, 5_400, 3_000)
    assert (owed.jp_employer, owed.jp_member) == (20_000, 10_000)
    assert (owed.total, owed.employer_total, owed.member_total) == (95_400, 65_400, 30_000)


@pytest.mark.parametrize(
    ("wage", "month", "cap", "employer", "member"),
    [
        (20_000_000, Month(2021, 3), 8_754_600, 175_092, 87_546),  # C3
        (10_000_000, Month(2023, 3), 9_559_600, 191_192, 95_596),  # C4a
        (2_000_000, Month(2015, 7), 7_000_000, 40_000, 20_000),  # W8
    ],
)
def test_c3_c4a_w8_pension_contributions(wage: int, month: Month, cap: int, employer: int, member: int) -> None:
    owed = wage_worker(wage, month)
    assert pension.wage_cap(month.first_day) == cap
    assert (owed.jp_employer, owed.jp_member) == (employer, member)


def test_w2_old_age_shares_of_six_million() -> None:
    owed = wage_worker(6_000_000, Month(2022, 8))
    assert (owed.jht_employer, owed.jht_member) == (222_000, 120_000)


def test_c11_one_percent_of_the_death_contribution_in_2020() -> None:
    owed = self_employed.assess(income=1_000_000, month=Month(2020, 8), relief_covid=True)
    assert owed.jkm == 68


def test_c13_half_of_the_smallest_package_in_2026() -> None:
    taken = frozenset({"JKK", "JKM"})
    assert self_employed.assess(income=1_000_000, month=Month(2026, 4), programmes=taken).total == 8_400
    assert self_employed.assess(income=1_000_000, month=Month(2026, 3), programmes=taken).total == 16_800


@pytest.mark.parametrize(
    ("year", "before", "inflation", "after"),
    [
        (2016, (300_000, 3_600_000), "3.35", (310_050, 3_720_600)),  # JPMM-2016-03
        (2020, (341_400, 4_095_750), "2.72", (350_700, 4_207_200)),  # JPMM-2020-03
    ],
)
def test_jpmm_bounds_of_the_pension(
    year: int, before: tuple[int, int], inflation: str, after: tuple[int, int]
) -> None:
    assert tuple(pension.next_bound(each, year, inflation).whole for each in before) == after
    assert pension.bounds(date(year, 3, 1)) == pension.Bounds(*after)
    assert pension.bounds(date(year, 2, 28)) == pension.Bounds(*before)


def test_w13_the_cap_of_2022() -> None:
    assert pension.next_wage_cap(8_754_600, 2022, "3.69").whole == 9_077_600 == pension.wage_cap(date(2022, 3, 1))


def test_jht1_jht4_the_official_simulator() -> None:
    plan = development.plan(wage=5_000_000, years=5, rate="5", opening=0)
    assert (plan.contributions, plan.development, plan.closing) == (17_100_000, 2_309_470, 19_409_470)
    assert development.development(opening=20_000_000, rate="5").closing == 21_000_000


def test_w1_the_ministrys_plan() -> None:
    plan = development.plan(wage=4_000_000, years=5, rate="5.7", opening=0, convention="ministry")
    assert (plan.contributions, plan.development, plan.closing) == (13_680_000, 2_120_310, 15_800_310)
    assert development.plan(wage=4_000_000, years=5, rate="5.7", opening=0).closing == 15_804_319


INFLATION = ["7", "6.75", "6.5", "6.25", "6", "5.75", "5.5", "5.25", "5", *["4.75"] * 6]
INDICES = ["223.15", "208.56", "195.37", "183.44", "172.65", "162.88", "154.02", "145.99", "138.71", "132.11",
           "126.12", "120.40", "114.94", "109.73", "104.75"]  # fmt: skip
WAGES = [3_000_000, 3_400_000, 3_810_000, 4_230_000, 4_740_000, 5_270_000, 5_840_000, 6_510_000, 7_190_000,
         7_930_000, 8_770_000, 9_660_000, 10_630_000, 11_750_000, 12_930_000]  # fmt: skip
WEIGHTED = [6_694_617, 7_090_872, 7_443_511, 7_759_676, 8_183_755, 8_583_789, 8_994_994, 9_504_222, 9_973_380,
            10_476_046, 11_060_372, 11_630_363, 12_217_866, 12_892_761, 13_544_175]  # fmt: skip


def test_jp1_the_published_table_of_weighted_wages() -> None:
    years = [pension.PensionYear(2015 + place, 12, wage, 20_000_000) for place, wage in enumerate(WAGES)]
    inflation = {2015 + place: rate for place, rate in enumerate(INFLATION)}
    found = pension.benefit(years=years, inflation=inflation, retires=2030)
    assert [f"{round(index * 10_000) / 100:.2f}" for index in found.indices] == INDICES
    assert list(found.weighted) == WEIGHTED
    assert found.monthly == 1_460_504


def test_jkp1_job_loss_under_the_rule_of_2021() -> None:
    paid = job_loss_benefit.job_loss(wage=5_000_000, dismissed_on=date(2022, 2, 1))
    assert paid.monthly == (2_250_000,) * 3 + (1_250_000,) * 3
    assert (sum(paid.monthly[:3]), sum(paid.monthly[3:]), paid.total) == (6_750_000, 3_750_000, 10_500_000)


def test_jkm1_sch1_death_and_scholarships() -> None:
    assert death.death(date(2020, 1, 1)).total == 42_000_000
    assert death.scholarship(children=2, day=date(2020, 1, 1)).maximum == 174_000_000


@pytest.mark.parametrize(
    ("owed", "paid_on", "fine"),
    [(1_000_000, date(2023, 4, 14), 60_000), (10_000_000, date(2023, 2, 16), 200_000)],  # DENDA1, W20
)
def test_denda1_w20_late_fines(owed: int, paid_on: date, fine: int) -> None:
    found = fines.late_fine(segment="PU", month=Month(2022, 12), owed=owed, paid_on=paid_on)
    assert found.fine == fine


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("day", [date(2015, 7, 1), date(2019, 12, 1), date(2019, 12, 2), date(2026, 1, 1)])
def test_the_table_of_disabilities_is_the_one_collected(day: date) -> None:
    expected = [
        (row["cacat"], *(Fraction(each) for each in (row["persen"].split("-") * 2)[:2]), CONFIDENCE[row["mark"]])
        for row in rows()
    ]
    found = [(row.name, row.least, row.most, row.confidence) for row in accident.disabilities(day).values()]
    assert len(found) == 46
    assert found == expected
    assert [row.name for row in accident.disabilities(day).values() if row.least != row.most] == [
        "terkelupasnya kulit kepala"
    ]
