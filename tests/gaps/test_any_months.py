"""Whatever is reported and paid, in whatever order: one state a month, and nothing flagged without a reason."""

from collections import Counter
from datetime import date, timedelta

from cases import ALL, SHARES
from hypothesis import given, settings
from hypothesis import strategies as st

from lumbung.contributions.calendar import due_date
from lumbung.contributions.gaps import facts, words
from lumbung.contributions.gaps.facts import PROBLEMS, Cover, Line, State, Who
from lumbung.contributions.gaps.rule import judge
from lumbung.law.month import Month

FIRST = Month(2024, 1)
MONTHS = st.integers(0, 30).map(lambda step: FIRST + step)
DAYS = st.integers(0, 900).map(lambda step: FIRST.first_day + timedelta(days=step))
NUMBERS = st.sampled_from(["10000000001", "20000000002"])
PAYERS = st.sampled_from([7, 8])


@st.composite
def a_cover(draw: st.DrawFn) -> Cover:
    starts = draw(DAYS)
    ends = draw(st.none() | st.integers(0, 400).map(lambda days: starts + timedelta(days=days)))
    segment = draw(st.sampled_from([facts.PU, facts.PU, facts.PU, facts.BPU, facts.PMI]))
    payer = draw(PAYERS) if segment == facts.PU else 0 if segment == facts.BPU else 3
    return Cover(draw(NUMBERS), segment, payer, f"P{payer}", starts, ends, ALL)


@st.composite
def a_line(draw: st.DrawFn) -> Line:
    segment = draw(st.sampled_from([facts.PU, facts.PU, facts.PU, facts.BPU, facts.PMI, facts.PMI_SAVINGS]))
    payer = draw(PAYERS) if segment == facts.PU else 0 if segment == facts.BPU else 3
    month, came = draw(MONTHS), draw(DAYS)
    shares = draw(st.lists(st.sampled_from([0, 100]), min_size=6, max_size=6))
    return Line(
        draw(NUMBERS), segment, payer, f"P{payer}", month, came, draw(st.none() | DAYS),
        draw(st.sampled_from([0, 4_000_000, 5_000_000, 5_010_000])) if segment == facts.PU else None,
        shares=tuple(zip(SHARES, shares, strict=True)), is_short=draw(st.booleans()),
        corrects_month=draw(st.none() | MONTHS), due=draw(st.none() | DAYS), reference=draw(st.integers(1, 9)),
    )  # fmt: skip


COVERS, LINES = (
    st.lists(a_cover(), max_size=4),
    st.lists(a_line(), max_size=12, unique_by=lambda one: one.reference),
)


@settings(max_examples=150, deadline=None)
@given(COVERS, LINES, DAYS, st.randoms(use_true_random=False))
def test_each_expected_month_has_one_state_and_the_order_says_nothing(covers, lines, today, random) -> None:
    last = Month(2026, 12)
    found = judge(covers, lines, today=today, first=FIRST, last=last)
    keys = [(one.member_number, one.segment, one.payer, one.month) for one in found]
    assert max(Counter(keys).values(), default=1) == 1
    expected = {
        (cover.member_number, cover.segment, cover.payer, month)
        for cover in covers
        for month in (FIRST + step for step in range(36))
        if cover.touches(month) and month <= Month.of(today)
        if cover.segment != facts.PMI or month == Month.of(cover.starts)
    }
    held = {(one.member_number, one.segment, one.payer, one.month) for one in lines}
    assert set(keys) == expected | held
    assert {key for key, one in zip(keys, found, strict=True) if one.is_expected} == expected
    assert [one.month for one in found] == sorted((one.month for one in found), reverse=True)
    shuffled = [random.sample(covers, len(covers)), random.sample(lines, len(lines))]
    assert judge(*shuffled, today=today, first=FIRST, last=last) == found
    for one in found:
        reasoned(one, today)


def reasoned(one: facts.Verdict, today: date) -> None:
    """A verdict says nothing that its own facts do not bear out."""
    assert (one.state in PROBLEMS) == one.is_problem
    assert words.say(one)
    assert "{" not in words.say(one)
    assert (one.who is Who.NOBODY) == (one.state in {State.PAID, State.PAID_LATE})
    paid = [line for line in one.lines if line.paid_on]
    if one.state in {State.MISSING, State.NOT_DUE, State.WRONG_MONTH, State.NOT_KNOWN}:
        assert one.is_expected
        assert not one.lines
    if one.state in {State.MISSING, State.WRONG_MONTH}:
        assert one.due < today
    if one.state in {State.PAID, State.PAID_LATE, State.UNDER_REPORTED} and one.is_expected:
        assert one.lines
    if one.state in {State.PAID, State.PAID_LATE}:
        assert len(paid) == len(one.lines) > 0
    if one.state is State.UNPAID:
        assert not paid
        assert one.due < today
    if one.state is State.UNDER_REPORTED:
        assert one.lines[-1].wage < one.usual_wage
    if one.state is State.WITHOUT_WORK:
        assert one.lines
        assert not one.is_expected


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 30),
    st.integers(0, 5),
    st.sets(st.integers(0, 40)),
    st.sets(st.integers(0, 40)),
    st.integers(0, 40),
)
def test_what_is_planted_is_found_and_nothing_else(months, since, missing, late, day) -> None:
    """One employment, every month paid in time but those planted."""
    start = FIRST + since
    last = start + (months - 1)
    today = due_date(last) + timedelta(days=1 + day)
    cover = Cover("10000000001", facts.PU, 7, "P", start.first_day, last.last_day, ALL)
    lines = []
    for step in range(months):
        month = start + step
        if step in missing:
            continue
        came = due_date(month)
        paid = came + timedelta(days=1) if step in late else came
        shares = tuple((column, 100) for column in SHARES)
        lines.append(Line("10000000001", facts.PU, 7, "P", month, came, paid, 5_000_000, shares=shares))
    found = judge([cover], lines, today=today, first=FIRST, last=last)
    assert {one.month - start for one in found if one.is_problem} == {step for step in missing if step < months}
    by_state = {one.month - start for one in found if one.state is State.PAID_LATE}
    assert by_state == {step for step in late - missing if step < months}
