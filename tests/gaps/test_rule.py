"""What the rule says of each kind of month, on both sides of each border."""

from datetime import date, timedelta

import pytest
from cases import ALL, JANUARY, NUMBER, SHARES, in_time, line, states, the, verdicts, work

from lumbung.contributions.gaps import facts, words
from lumbung.contributions.gaps.facts import PROBLEMS, State, Who, Why
from lumbung.law.month import Month

MAY, JUNE, JULY = Month(2025, 5), Month(2025, 6), Month(2025, 7)
TO_JUNE = [JANUARY + step for step in range(6)]


def test_all_that_is_due_is_paid_and_the_running_month_is_not_due_yet():
    assert states([work()], [line(month) for month in TO_JUNE]) == {
        **{str(month): State.PAID for month in TO_JUNE},
        "2025-07": State.NOT_DUE,
    }


def test_a_month_is_missing_from_the_day_after_its_due_date():
    paid = [line(month) for month in TO_JUNE[:-1]]
    due = in_time(JUNE)
    assert due == date(2025, 7, 15)
    assert the(verdicts([work()], paid, today=due), JUNE).state is State.NOT_DUE
    found = the(verdicts([work()], paid, today=due + timedelta(days=1)), JUNE)
    assert (found.state, found.who, found.by, found.due) == (State.MISSING, Who.EMPLOYER, None, due)
    assert found.usual_wage == 5_000_000


def test_a_part_of_a_month_is_expected_like_a_whole_one():
    found = states([work(date(2025, 2, 28), date(2025, 4, 1))], [])
    assert found == dict.fromkeys(("2025-02", "2025-03", "2025-04"), State.MISSING)


def test_what_is_reported_waits_until_the_due_date_and_is_unpaid_after_it():
    reported = [*(line(month) for month in TO_JUNE[:-1]), line(JUNE, paid=False)]
    due = in_time(JUNE)
    waiting = the(verdicts([work()], reported, today=due), JUNE)
    assert (waiting.state, waiting.who, waiting.by) == (State.WAITING, Who.EMPLOYER, due)
    late = the(verdicts([work()], reported, today=due + timedelta(days=1)), JUNE)
    assert (late.state, late.who, late.by, late.paid) == (State.UNPAID, Who.EMPLOYER, None, 0)


def test_money_in_time_and_a_day_later():
    due = in_time(JUNE)
    for paid_on, state in ((due, State.PAID), (due + timedelta(days=1), State.PAID_LATE)):
        found = the(verdicts([work()], [line(JUNE, paid_on=paid_on)]), JUNE)
        assert (found.state, found.who, found.is_problem) == (state, Who.NOBODY, False)


def test_a_month_is_paid_in_part_while_a_correction_waits():
    more = line(JUNE, 6_000_000, paid=False, reference=10**9, corrects_month=JUNE, due=date(2025, 8, 15))
    found = the(verdicts([work()], [line(JUNE), more]), JUNE)
    assert (found.state, found.why, found.by) == (State.PARTLY, Why.DIFFERENCE, date(2025, 8, 15))
    assert found.paid == 600


def test_money_that_is_not_the_sum_asked_for_is_a_part():
    found = the(verdicts([work()], [line(JUNE, paid=False, is_short=True)]), JUNE)
    assert (found.state, found.why) == (State.PARTLY, Why.AMOUNT)


def test_a_programme_that_was_paid_before_and_is_left_out():
    without = tuple((column, 100) for column in SHARES if not column.startswith("jp"))
    found = the(verdicts([work()], [line(MAY), line(JUNE, shares=without)]), JUNE)
    assert (found.state, found.why, found.lacking) == (State.PARTLY, Why.PROGRAMMES, ("JP",))
    small = work(programmes=ALL - {"JP"})
    assert the(verdicts([small], [line(MAY), line(JUNE, shares=without)]), JUNE).state is State.PAID
    # An employer that has grown owes nothing for the months in which it was small.
    assert (
        the(verdicts([work()], [line(MAY, shares=without), line(JUNE, shares=without)]), JUNE).state is State.PAID
    )


@pytest.mark.parametrize(
    ("wages", "state"),
    [
        ((5_000_000, 4_900_000), State.UNDER_REPORTED),
        ((5_000_000, 4_950_000), State.PAID),  # a hundredth less is a rounding
        ((5_000_000, 4_949_999), State.UNDER_REPORTED),
        ((5_000_000, 9_000_000, 5_000_000), State.PAID),  # a bonus month is not what is usual
        ((5_000_000, 5_000_000, 5_000_000, 4_000_000, 4_000_000), State.UNDER_REPORTED),
        ((5_000_000, 5_000_000, 5_000_000, 4_000_000, 4_000_000, 4_000_000), State.PAID),  # a new wage is usual
        ((5_000_000, 5_000_000, 4_000_000, 5_000_000), State.PAID),
        ((5_000_000, 0), State.UNDER_REPORTED),
    ],
)
def test_a_wage_is_compared_with_what_the_months_before_say(wages: tuple[int, ...], state: State):
    first = JUNE - (len(wages) - 1)
    told = [line(first + step, wage) for step, wage in enumerate(wages)]
    found = the(verdicts([work()], told), JUNE)
    assert found.state is state


def test_a_part_of_a_month_is_neither_low_nor_what_is_usual():
    covers = [work(date(2025, 1, 15), date(2025, 6, 10))]
    wages = [2_000_000, 5_000_000, 5_000_000, 5_000_000, 5_000_000, 1_500_000]
    told = [line(JANUARY + step, wage) for step, wage in enumerate(wages)]
    assert set(states(covers, told).values()) == {State.PAID}
    assert the(verdicts(covers, told), Month(2025, 2)).usual_wage is None


def test_the_year_before_says_what_is_usual():
    december = line(JANUARY - 1, 8_000_000)
    found = the(verdicts([work(date(2024, 1, 1))], [december, line(JANUARY)]), JANUARY)
    assert found.state is State.UNDER_REPORTED


def test_a_report_that_came_while_the_month_before_was_in_time_is_meant_for_it():
    early = line(JUNE, received_on=in_time(MAY), paid_on=in_time(MAY))
    found = verdicts([work()], [*(line(month) for month in TO_JUNE[:-2]), early])
    may, june = the(found, MAY), the(found, JUNE)
    assert (may.state, may.other, may.who) == (State.WRONG_MONTH, JUNE, Who.EMPLOYER)
    assert (june.state, june.other) == (State.PAID, MAY)
    later = line(JUNE, received_on=in_time(MAY) + timedelta(days=1))
    assert the(verdicts([work()], [later]), MAY).state is State.MISSING


def test_a_month_paid_without_work_is_meant_for_the_nearest_one_that_is_missing():
    ended = work(date(2025, 1, 1), date(2025, 4, 30))
    told = [*(line(month) for month in TO_JUNE[:3]), line(JUNE)]
    found = verdicts([ended], told)
    april, june = the(found, Month(2025, 4)), the(found, JUNE)
    assert (june.state, june.other, june.is_expected) == (State.WITHOUT_WORK, Month(2025, 4), False)
    assert (april.state, april.other) == (State.WRONG_MONTH, JUNE)
    alone = the(verdicts([ended], [*(line(month) for month in TO_JUNE[:4]), line(JUNE)]), JUNE)
    assert (alone.state, alone.other, alone.who) == (State.WITHOUT_WORK, None, Who.EMPLOYER)


def test_who_insures_himself_pays_in_the_month_itself():
    own = work(date(2025, 5, 20), segment=facts.BPU, payer=0)
    bill = {"segment": facts.BPU, "payer": 0, "wage": None}
    paid = line(MAY, received_on=date(2025, 5, 20), paid_on=date(2025, 5, 20), **bill)
    found = verdicts([own], [paid], today=date(2025, 7, 15))
    may = the(found, MAY)
    assert (may.due, may.state) == (date(2025, 5, 20), State.PAID), "he could not pay before he began"
    june, july = the(found, JUNE), the(found, JULY)
    assert (june.state, june.who, june.due) == (State.MISSING, Who.MEMBER, date(2025, 6, 16))
    assert (july.state, july.by) == (State.NOT_DUE, date(2025, 7, 15))
    ahead = line(Month(2025, 9), paid_on=date(2025, 5, 20), **bill)
    assert the(verdicts([own], [ahead]), Month(2025, 9)).state is State.PAID
    stranger = line(Month(2025, 3), paid_on=date(2025, 3, 10), **bill)
    outside = the(verdicts([own], [stranger]), Month(2025, 3))
    assert (outside.state, outside.who) == (State.WITHOUT_WORK, Who.FUND)


def test_a_migrant_worker_owes_the_premium_once_and_saves_as_he_likes():
    departs = date(2025, 3, 10)
    stay = work(departs, date(2027, 3, 9), segment=facts.PMI, payer=3)
    (owed,) = verdicts([stay], [])
    assert (owed.state, owed.month, owed.due, owed.who) == (State.MISSING, Month(2025, 3), departs, Who.MEMBER)
    premium = line(Month(2025, 3), None, segment=facts.PMI, payer=3, paid_on=date(2025, 2, 20))
    saved = line(Month(2025, 4), None, segment=facts.PMI_SAVINGS, payer=3, paid_on=date(2025, 2, 20))
    assert states([stay], [premium, saved]) == {"2025-03": State.PAID, "2025-04": State.PAID}


def test_what_the_law_does_not_know_yet_nobody_can_report():
    from lumbung.law.contributions import last_known_month

    last = last_known_month()
    assert last is not None
    found = verdicts([work(last.first_day)], [], today=(last + 4).first_day, first=last, last=last + 4)
    assert the(found, last).state is State.MISSING
    assert the(found, last + 1).state is State.NOT_KNOWN
    assert the(found, last + 1).who is Who.FUND


def test_nothing_is_expected_before_the_law_or_before_the_window_or_after_today():
    old = work(date(1995, 1, 1))
    assert min(states([old], [], first=Month(1995, 1))) == "2015-07"
    assert list(states([old], [])) == [f"2025-0{number}" for number in range(1, 8)]
    assert states([work(date(2025, 8, 1))], []) == {}
    assert states([], []) == {}


def test_numbers_and_employers_are_kept_apart():
    second = {"payer": 8, "payer_name": "CV Contoh"}
    found = verdicts(
        [work(), work(**second), work(member_number="20000000002")], [line(JUNE), line(MAY, **second)]
    )
    june = {(one.member_number, one.payer): one.state for one in found if one.month == JUNE}
    assert june == {
        (NUMBER, 7): State.PAID,
        (NUMBER, 8): State.MISSING,
        ("20000000002", 7): State.MISSING,
    }


def test_every_state_has_its_words_and_says_who_must_act():
    assert set(words.NAMES) == set(words.OWN_NAMES) == set(State)
    assert {state for state in State if words.kind(state) == "bad"} == PROBLEMS
    found = the(verdicts([work()], []), JUNE)
    assert words.name(found) == "Not reported"
    assert words.say(found).startswith("Your employer should have reported and paid it by 2025-07-15")
    own = the(verdicts([work(segment=facts.BPU, payer=0)], []), JUNE)
    assert (words.name(own), words.say(own)[:22]) == ("Not paid", "It was due on 2025-06-")
