"""Charts: what is drawn where, what is read aloud, and that nothing in them could be script or style."""

import re
from datetime import date
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from django.utils import translation

from lumbung.portal.charts import Series, line_chart, short, step_chart

CAPS = [(date(2015, 7, 1), 7_000_000), (date(2020, 3, 1), 8_939_700), (date(2025, 3, 1), 10_547_400)]


def drawn(chart: str, style: str = "middle") -> list[tuple[float, float]]:
    """The corners of a line: across from the left, up from the bottom, each a share of a thousand."""
    path = next(p for p in ElementTree.fromstring(chart).iter("path") if p.get("class") == style)
    corners = re.findall(r"([0-9.]+) ([0-9.]+)", path.get("d") or "")
    return [(float(x), 1000 - float(y)) for x, y in corners]


def words(chart: str) -> list[str]:
    return [text.text or "" for text in ElementTree.fromstring(chart).iter("text")]


def test_a_step_holds_until_the_next_one_and_stands_on_a_scale_from_zero() -> None:
    with translation.override("en"):
        chart = step_chart(CAPS, "rupiah", "Wage cap", until=date(2026, 3, 1))
    corners = drawn(chart)
    heights = [round(y / 1000 * 15_000_000, -4) for _, y in corners]
    assert heights == [7_000_000, 7_000_000, 8_940_000, 8_940_000, 10_550_000, 10_550_000]
    across = [x for x, _ in corners]
    assert across[0] == 0
    assert across[-1] == 1000
    assert across[1] == across[2] == pytest.approx(437.7, abs=1)
    assert words(chart)[:4] == ["Rp 0", "Rp 5 million", "Rp 10 million", "Rp 15 million"]
    assert words(chart)[4:] == ["Jul 2015", "Mar 2020", "Mar 2025"]


def test_it_is_read_aloud_as_a_picture_with_its_beginning_and_end() -> None:
    with translation.override("id"):
        root = ElementTree.fromstring(step_chart(CAPS, "rupiah", "Batas upah"))
    svg = root[0]
    assert svg.get("role") == "img"
    told = {element.get("id"): element.text for element in svg if element.tag in {"title", "desc"}}
    assert told[svg.get("aria-labelledby")] == "Batas upah"
    assert told[svg.get("aria-describedby")] == "Dari Rp 7 juta (Jul 2015) ke Rp 10,55 juta (Mar 2025)."


def test_lines_are_told_apart_by_name_and_stroke() -> None:
    ages = [(30, 0), (56, 900_000_000)]
    chart = line_chart(
        [Series("Low", ages, "low"), Series("Middle", [(30, 0), (56, 1_200_000_000)])], "rupiah", "JHT"
    )
    legend = [(item.get("class"), item.text) for item in ElementTree.fromstring(chart).iter("li")]
    assert legend == [("low", "Low"), ("middle", "Middle")]
    assert drawn(chart, "low")[-1] == (1000, pytest.approx(600))
    assert drawn(chart)[-1] == (1000, pytest.approx(800))


@pytest.mark.parametrize(
    ("points", "unit"),
    [
        ([(date(2015, 1, 1), Fraction(57, 1000))], "percent"),
        ([(2020, 0), (2021, 0)], "rupiah"),
        ([(2020, Fraction(-2, 100)), (2021, Fraction(5, 100))], "percent"),
        ([(1, 56), (2, 59)], "years"),
        ([(1, Fraction(1, 1000))], "percent"),
        ([(1, 10**12), (2, 10**13)], "rupiah"),
    ],
)
def test_any_points_make_a_whole_picture_within_its_frame(points: list, unit: str) -> None:
    chart = step_chart(points, unit, "Chart")
    assert len(drawn(chart)) >= 2
    assert all(0 <= x <= 1000 and 0 <= y <= 1000 for x, y in drawn(chart))
    assert len(set(words(chart)[:-1])) >= 2


def test_nothing_is_drawn_of_nothing() -> None:
    assert step_chart([], "rupiah", "Chart") == ""
    assert line_chart([Series("Low", [])], "rupiah", "Chart") == ""


def test_what_it_is_told_stays_text_and_it_has_no_style_or_script_of_its_own() -> None:
    chart = step_chart(CAPS, "rupiah", "</title><script>alert(1)</script>")
    assert "<script>" not in chart
    assert "style=" not in chart


@pytest.mark.parametrize(
    ("value", "unit", "indonesian", "english"),
    [
        (10_547_400, "rupiah", "Rp 10,55 juta", "Rp 10.55 million"),
        (1_500_000_000, "rupiah", "Rp 1,5 miliar", "Rp 1.5 billion"),
        (250_000, "rupiah", "Rp 250 ribu", "Rp 250 thousand"),
        (6_800, "rupiah", "Rp 6.800", "Rp 6,800"),
        (Fraction(57, 1000), "percent", "5,7 %", "5.7 %"),
        (180, "months", "180", "180"),
    ],
)
def test_values_are_short_in_both_languages(value: int, unit: str, indonesian: str, english: str) -> None:
    for language, words_ in (("id", indonesian), ("en", english)):
        with translation.override(language):
            assert short(value, unit) == words_
