"""The pension programme (JP)."""

from datetime import date

from lumbung.law import inputs
from lumbung.law.parameter import parameter


def wage_cap(day: date) -> int:
    """The highest monthly wage that counts for JP on the day, in rupiah (PP 45/2015 art. 29).

    Raises NotYetInForce before July 2015 and Unknown from the first March whose cap is not announced.
    """
    return parameter("pension_wage_cap").at(inputs.day(day)).whole()
