"""Charts drawn on the server: lines and steps as SVG that is read aloud, grows with the text and needs no script.

A chart never stands alone: its page has the same figures as a table. Shapes are stretched to the width there is;
words keep the size of the page's text, since they stand outside the stretched part. Looks are in the stylesheet.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import chain, pairwise
from typing import TypeAlias
from zlib import crc32

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from lumbung.errors import marked
from lumbung.law import writing
from lumbung.law.inputs import half_up
from lumbung.wording import month_short, rupiah

Number: TypeAlias = int | Fraction
Place: TypeAlias = date | int  # where a point stands: a day, or a whole number such as a year or an age
Point: TypeAlias = tuple[Place, Number]
STYLES = ("middle", "low", "high")
_TOP, _HEIGHT = 10, 74  # the drawn part, in percent of the chart's height; under it stand the places
_APART = Fraction(2, 5)  # of the width: the least between two places that are named
_SIZES: tuple[tuple[int, str], ...] = (
    (10**9, marked("Rp {amount} billion")),
    (10**6, marked("Rp {amount} million")),
    (10**3, marked("Rp {amount} thousand")),
)


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a chart: what it is called and its points, in the order of their places; `style` of STYLES."""

    name: str
    points: Sequence[Point]
    style: str = "middle"


_WRITTEN_OUT = 10_000  # rupiah below this are shown whole


def step_chart(points: Sequence[Point], unit: str, title: str, *, until: Place | None = None) -> SafeString:
    """Values that hold from their place until the next one, such as a figure of the law; empty without points.

    `unit` is one of `lumbung.law.derivation.UNITS`; percentages are exact shares of one, as in a derivation.
    `until` is how far the last value is drawn; without it a tenth of the whole beyond the last place.
    """
    if not points:
        return SafeString("")
    end = _after(points) if until is None else max(until, points[-1][0], key=_at)
    corners = [*chain.from_iterable(((a, v), (b, v)) for (a, v), (b, _) in pairwise(points)), points[-1]]
    drawn = Series(title, [*corners, (end, points[-1][1])])
    return _chart([drawn], unit, title, _told(points, unit), marks=[place for place, _ in points])


def line_chart(series: Sequence[Series], unit: str, title: str) -> SafeString:
    """Lines over the same places, each with its name below the chart; nothing without points."""
    filled = [each for each in series if each.points]
    if not filled:
        return SafeString("")
    told = " ".join(f"{each.name}: {_told(each.points, unit)}" for each in filled)
    return _chart(filled, unit, title, told, marks=[place for place, _ in filled[0].points])


def short(value: Number, unit: str) -> str:
    """A value as an axis has room for: Rp 10,5 juta, 5,7 %, 180."""
    exact = Fraction(value)
    if unit == "percent":
        return f"{_decimal(exact * 100)} %"
    if unit != "rupiah":
        return _decimal(exact)
    for size, words in _SIZES:
        if abs(exact) >= max(size, _WRITTEN_OUT):
            return gettext(words).format(amount=_decimal(exact / size))
    return rupiah(half_up(exact))


def _chart(series: Sequence[Series], unit: str, title: str, told: str, *, marks: Sequence[Place]) -> SafeString:
    points = [point for each in series for point in each.points]
    across = _Scale(min(_at(place) for place, _ in points), max(_at(place) for place, _ in points))
    ticks = list(_ticks(max(value for _, value in points), min(value for _, value in points)))
    up = _Scale(ticks[0], ticks[-1])
    name = f"chart-{crc32(repr((title, series)).encode()):08x}"
    lines = ((each.style, _path(each, across, up)) for each in series)
    values = ((_label_height(up, tick), short(tick, unit)) for tick in ticks)
    return format_html(
        '<div class="chart"><svg role="img" aria-labelledby="{0}" aria-describedby="{0}-told">'
        '<title id="{0}">{1}</title><desc id="{0}-told">{2}</desc>'
        '<svg y="{3}%" width="100%" height="{4}%" viewBox="0 0 1000 1000" preserveAspectRatio="none">{5}{6}</svg>'
        "{7}{8}</svg>{9}</div>",
        name, title, told, _TOP, _HEIGHT,
        format_html_join("", '<path class="grid" d="M0 {}H1000"/>', ((_down(up, tick),) for tick in ticks)),
        format_html_join("", '<path class="{}" d="{}"/>', lines),
        format_html_join("", '<text y="{}%">{}</text>', values),
        format_html_join("", '<text x="{}%" y="98%" text-anchor="{}">{}</text>', _places(marks, across)),
        _legend(series),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where a value stands between the least and the most: an exact share of one."""

    least: Number
    most: Number

    def share(self, value: Number) -> Fraction:
        span = Fraction(self.most - self.least)
        return (value - self.least) / span if span else Fraction(0)


def _down(up: _Scale, value: Number) -> str:
    """How far below the top of a drawing a thousand high."""
    return f"{float(1000 - 1000 * up.share(value)):.1f}"


def _label_height(up: _Scale, value: Number) -> str:
    """The foot of a value's label, a little above its line, in percent of the whole chart."""
    return f"{float(_TOP + _HEIGHT * (1 - up.share(value))) - 1.5:.1f}"


def _path(series: Series, across: _Scale, up: _Scale) -> str:
    corners = [
        f"{float(1000 * across.share(_at(place))):.1f} {_down(up, value)}" for place, value in series.points
    ]
    return "M" + "L".join(corners)


def _places(marks: Sequence[Place], across: _Scale) -> Iterator[tuple[str, str, str]]:
    """A few places with their words, so far from each other that they have room."""
    kept: list[Place] = []
    for place in [marks[0], marks[-1], *marks[1:-1]]:
        least = min((abs(across.share(_at(place)) - across.share(_at(other))) for other in kept), default=1)
        if least >= _APART:
            kept.append(place)
    for place in sorted(kept, key=_at):
        share = across.share(_at(place))
        anchor = "start" if share < Fraction(1, 8) else "end" if share > Fraction(7, 8) else "middle"
        yield f"{float(100 * share):.1f}", anchor, _place_name(place)


def _legend(series: Sequence[Series]) -> SafeString:
    if len(series) < 2:
        return SafeString("")
    items = format_html_join("", '<li class="{}">{}</li>', ((each.style, each.name) for each in series))
    return format_html('<ul class="legend">{}</ul>', items)


def _told(points: Sequence[Point], unit: str) -> str:
    """The line in words: where it begins and where it ends."""
    (start, first), (end, last) = points[0], points[-1]
    if start == end:
        return gettext("{value} from {place} on.").format(value=short(first, unit), place=_place_name(start))
    return gettext("From {first} ({start}) to {last} ({end}).").format(
        first=short(first, unit), start=_place_name(start), last=short(last, unit), end=_place_name(end)
    )


def _ticks(most: Number, least: Number) -> Iterator[Fraction]:
    """Three to five round values from zero (or below it) to beyond the most."""
    span = Fraction(max(most, 0) - min(least, 0)) or Fraction(1)
    step = next(each for each in _round_steps(span) if each * 4 >= span)
    tick = step * (Fraction(min(least, 0)) // step)
    while tick < max(most, step):
        yield tick
        tick += step
    yield tick


def _round_steps(span: Fraction) -> Iterator[Fraction]:
    """1, 2, 5, 10, 20, 50 … of the right size for a span."""
    size = Fraction(1)
    while size * 10 > span:
        size /= 10
    while size * 100 < span:
        size *= 10
    for factor in (1, 2, 5, 10, 20, 50, 100):
        yield size * factor


def _at(place: Place) -> int:
    return place.toordinal() if isinstance(place, date) else place


def _after(points: Sequence[Point]) -> Place:
    first, last = points[0][0], points[-1][0]
    beyond = max((_at(last) - _at(first)) // 10, 1)
    return date.fromordinal(_at(last) + beyond) if isinstance(last, date) else last + beyond


def _place_name(place: Place) -> str:
    return month_short(place) if isinstance(place, date) else str(place)


def _decimal(value: Fraction) -> str:
    """At most two decimals, in the reader's language."""
    return writing.number(value, 2, gettext)
