"""Development and pension a second time, straight from the words of the law in exact fractions, on random lives.

Nothing here is shared with the law's own modules but the calls that are compared: no parameter, rounding or table.
"""

import os
from datetime import date
from fractions import Fraction
from random import Random

from lumbung.law import development, pension
from lumbung.law.month import Month

# `make mutants` asks this of each mutant, and has no time for so many.
FEWER = int(os.environ.get("LUMBUNG_FEWER", "1"))
ACCOUNTS = 12_000 // FEWER
LIVES = 8_000 // FEWER
PLANS = 250 // FEWER


def nearest(exact: Fraction) -> int:
    """The nearest whole rupiah; a half goes away from zero."""
    whole = abs(exact)
    down = whole.numerator // whole.denominator
    up = down + (whole - down >= Fraction(1, 2))
    return up if exact >= 0 else -up


def result_of_year(opening: int, percent: Fraction, moves: list[tuple[int, int]], until: int) -> int:
    """Month by month: whatever lies in the account during a month earns a twelfth of the year's rate in it."""
    earned = Fraction(0)
    for month in range(1, until + 1):
        lying = Fraction(opening) + sum(amount for paid_in, amount in moves if paid_in <= month)
        earned += lying * percent / 100 / 12
    return nearest(earned)


def test_development_agrees_on_tens_of_thousands_of_accounts() -> None:
    random = Random(2025)
    for _ in range(ACCOUNTS):
        until = random.choice([12, 12, 12, random.randint(1, 12)])
        opening = random.choice([0, random.randrange(10**6), random.randrange(10**10)])
        basis_points = random.randrange(0, 1500)
        moves = [
            (random.randint(1, until), random.choice([1, 1, 1, -1]) * random.randrange(10**8))
            for _ in range(random.randrange(16))
        ]
        found = development.development(
            opening=opening,
            rate=f"{basis_points // 100}.{basis_points % 100:02d}",
            contributions=[(Month(2025, month), amount) for month, amount in moves],
            until=Month(2025, until),
        )
        expected = result_of_year(opening, Fraction(basis_points, 100), moves, until)
        assert found.development == expected
        assert found.closing == opening + sum(amount for _, amount in moves) + expected


def test_the_official_plan_agrees_year_by_year() -> None:
    random = Random(59)
    for _ in range(PLANS):
        wage = random.randrange(1, 50_000_000)
        years, rate = random.randint(0, 40), Fraction(random.randrange(0, 1200), 100)
        monthly = nearest(Fraction(wage) * 37 / 1000) + nearest(Fraction(wage) * 2 / 100)
        balance = Fraction(random.randrange(10**8))
        opening = int(balance)
        for _ in range(years):
            balance += balance * rate / 100 + sum(
                monthly + monthly * rate / 100 * Fraction(13 - month, 12) for month in range(1, 13)
            )
        written = f"{rate.numerator * 100 // rate.denominator / 100:.2f}" if rate else "0"
        plan = development.plan(wage=wage, years=years, rate=written, opening=opening)
        assert plan.closing == nearest(balance)
        assert plan.contributions == 12 * years * monthly


PENSION_AGES = {2015: 56, 2019: 57, 2022: 58, 2025: 59, 2028: 60, 2031: 61, 2034: 62, 2037: 63, 2040: 64, 2043: 65}
# From March of each year; the year's own value counts until the next March.
BOUNDS = {
    2015: (300_000, 3_600_000), 2016: (310_050, 3_720_600), 2017: (319_450, 3_833_000), 2018: (331_000, 3_971_400),
    2019: (341_400, 4_095_750), 2020: (350_700, 4_207_200), 2021: (356_600, 4_277_900), 2022: (363_300, 4_357_900),
    2023: (383_400, 4_598_100), 2024: (393_500, 4_718_200), 2025: (399_700, 4_792_300), 2026: (411_400, 4_932_300),
}  # fmt: skip


def pension_of(
    years: list[tuple[int, int, int, int]], prices: dict[int, Fraction], retires: int
) -> tuple[int, list[int]]:
    """1 % x years of contributions x the average of the wages, each moved by prices up to the year before."""
    weighted, months, total = [], 0, Fraction(0)
    for year, paid, wage, cap in years:
        counted = Fraction(wage if wage < cap else cap)
        for each in range(year, retires):
            counted = counted * (100 + prices[each]) / 100
        weighted.append(nearest(counted))
        months += paid
        total += weighted[-1] * paid
    return (nearest(total / 100 / 12) if months else 0), weighted


def bounded(monthly: int, day: date) -> int:
    least, most = BOUNDS[day.year if day >= date(day.year, 3, 1) else day.year - 1]
    return min(max(monthly, least), most)


def test_pensions_agree_on_tens_of_thousands_of_lives() -> None:
    random = Random(45)
    for _ in range(LIVES):
        first, length = random.randint(2015, 2030), random.randint(1, 12)
        retires = first + length - random.randint(0, 1)
        years = [
            (year, random.randint(1, 12), random.randrange(20_000_000), random.randint(7_000_000, 12_000_000))
            for year in range(first, retires + 1)
            if random.random() < 0.9
        ] or [(first, 12, 5_000_000, 7_000_000)]
        retires = max(retires, years[-1][0])
        prices = {year: Fraction(random.randrange(-200, 900), 100) for year in range(first, retires + 1)}
        day = date(random.randint(2016, 2026), random.randint(1, 12), random.randint(1, 28))
        found = pension.benefit(
            years=[pension.PensionYear(*year) for year in years],
            inflation=prices,
            retires=retires,
            day=day,
        )
        monthly, weighted = pension_of(years, prices, retires)
        assert list(found.weighted) == weighted
        assert found.monthly == monthly
        assert found.payable == bounded(monthly, day)


def birthday(born: date, age: int) -> date:
    if (born.month, born.day) == (2, 29) and (born.year + age) % 4:
        return date(born.year + age, 3, 1)
    return date(born.year + age, born.month, born.day)


def test_pension_ages_agree_day_by_day() -> None:
    """Everybody who was born between the middle of 1959 and 1990, walked forward from birthday to birthday."""
    for ordinal in range(date(1959, 7, 1).toordinal(), date(1990, 1, 1).toordinal(), 3):
        born = date.fromordinal(ordinal)
        age = 56
        while True:
            on = birthday(born, age)
            in_force = [
                each for start, each in PENSION_AGES.items() if on >= date(start, 7 if start == 2015 else 1, 1)
            ]
            if in_force and age >= in_force[-1]:
                break
            age += 1
        found = pension.age(born=born)
        assert (found.age, found.reached_on) == (age, on)
        after = date(on.year + on.month // 12, on.month % 12 + 1, 1)
        assert found.right_from == after
        before = on.replace(day=1).toordinal() - 1
        assert found.last_enrolment_month == Month.of(date.fromordinal(before))
