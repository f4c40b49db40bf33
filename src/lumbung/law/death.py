"""Death without work accident (JKM), and the scholarships of both death programmes."""

from dataclasses import dataclass
from datetime import date

from lumbung.errors import marked
from lumbung.law import inputs
from lumbung.law.derivation import Step, derived, given, of_law
from lumbung.law.parameter import parameter

LEVELS = ("primary", "lower_secondary", "upper_secondary", "higher")


@dataclass(frozen=True, slots=True)
class DeathBenefit:
    """What heirs get, in rupiah; the periodic money is paid at once."""

    compensation: int
    periodic: int
    funeral: int
    total: int
    derivation: Step


def death(day: date) -> DeathBenefit:
    """The money for a death on the day (PP 44/2015, from December 2019 PP 82/2019)."""
    on = inputs.day(day)
    names = ("compensation", "periodic", "funeral")
    parts = [of_law("death_benefit", on, name, unit="rupiah", step_name=name) for name in names]
    total = derived("total", marked("Together"), "sum", *parts)
    compensation, periodic, funeral = (part.whole for part in parts)
    return DeathBenefit(compensation, periodic, funeral, total.whole, total)


@dataclass(frozen=True, slots=True)
class Scholarship:
    """The most that children of a deceased or totally disabled member get for school, in rupiah."""

    maximum: int
    derivation: Step


def scholarship(*, children: int, day: date) -> Scholarship:
    """Scholarships from the first to the last school year for one or two children (PP 82/2019).

    Each year of each level has its sum and each level its years; they end at 23, at marriage or with work. After a
    death without work accident they need three years of contributions (`death_scholarship_years`).
    """
    on = inputs.day(day)
    most = of_law("scholarship_children", on, unit="number").whole
    number = given("children", marked("Children"), inputs.count(children, "children", 1, most), "number")
    levels = [
        derived(level, marked("All years of a level"), "rounded_product",
                of_law("scholarship_yearly", on, level, unit="rupiah"),
                of_law("scholarship_years", on, level, unit="years"))
        for level in LEVELS
    ]  # fmt: skip
    each = derived("each", marked("For one child"), "sum", *levels)
    maximum = derived("maximum", marked("At most, for all children"), "rounded_product", number, each)
    return Scholarship(maximum.whole, maximum)


def scholarship_after(day: date) -> int:
    """Years of contributions before a death without work accident gives scholarships."""
    return parameter("death_scholarship_years").at(inputs.day(day)).whole()
