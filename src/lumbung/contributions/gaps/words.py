"""The rule's answers in words: what a month is called, what is true of it, who must act and by when."""

from collections.abc import Callable, Mapping
from datetime import date

from lumbung.contributions.gaps.facts import State, Verdict, Who, Why
from lumbung.errors import marked, unchanged
from lumbung.law.month import Month

# What a month is called, short enough for a tag.
NAMES: Mapping[State, str] = {
    State.NOT_DUE: marked("Not due yet"),
    State.NOT_KNOWN: marked("Not known yet"),
    State.WAITING: marked("Waits for payment"),
    State.PAID: marked("Paid"),
    State.PAID_LATE: marked("Paid late"),
    State.MISSING: marked("Not reported"),
    State.UNPAID: marked("Reported, not paid"),
    State.PARTLY: marked("Paid in part"),
    State.UNDER_REPORTED: marked("Wage lower than before"),
    State.WRONG_MONTH: marked("Under another month"),
    State.WITHOUT_WORK: marked("No work registered"),
}
OWN_NAMES: Mapping[State, str] = {
    **NAMES,
    State.MISSING: marked("Not paid"),
    State.UNPAID: marked("Bill not paid"),
    State.WITHOUT_WORK: marked("Not enrolled"),
}
# How a tag looks: what is well, what waits, what is wrong.
KINDS: Mapping[State, str] = {
    State.NOT_DUE: "",
    State.NOT_KNOWN: "",
    State.WAITING: "info",
    State.PAID: "good",
    State.PAID_LATE: "warn",
}
WHO: Mapping[Who, str] = {
    Who.NOBODY: marked("Nobody"),
    Who.EMPLOYER: marked("Your employer"),
    Who.MEMBER: marked("You"),
    Who.FUND: marked("The fund"),
}
AT_ONCE = marked("Now")

SENTENCES: Mapping[tuple[State, Why], str] = {
    (State.NOT_DUE, Why.NOTHING): marked("Your employer must report and pay it by {due}."),
    (State.NOT_KNOWN, Why.NOTHING): marked(
        "The law's figures for this month are not announced yet, so nobody can report it. The fund waits for them."
    ),
    (State.WAITING, Why.NOTHING): marked("Your employer has reported your wage and must pay by {due}."),
    (State.PAID, Why.NOTHING): marked("Paid in time."),
    (State.PAID_LATE, Why.NOTHING): marked(
        "It was due on {due}. It counts all the same, and you need to do nothing."
    ),
    (State.MISSING, Why.NOTHING): marked(
        "Your employer should have reported and paid it by {due}, and must do so now. Ask your employer, and keep"
        " your payslip."
    ),
    (State.UNPAID, Why.NOTHING): marked(
        "Your employer reported your wage but did not pay by {due}, and must pay now. Ask your employer."
    ),
    (State.PARTLY, Why.DIFFERENCE): marked(
        "Your wage was corrected, and your employer must pay what is still owed for it by {due}."
    ),
    (State.PARTLY, Why.AMOUNT): marked(
        "The money that came is not the sum that was asked for, so it could not be credited. Your employer must"
        " put it right. It was due on {due}."
    ),
    (State.PARTLY, Why.PROGRAMMES): marked(
        "{lacking} is left out of this month, though it was paid before. Your employer must have it put right."
    ),
    (State.UNDER_REPORTED, Why.NOTHING): marked(
        "The wage reported is lower than in the months before. Compare it with your payslip. If it is wrong, your"
        " employer must have it put right."
    ),
    (State.WRONG_MONTH, Why.NOTHING): marked(
        "Nothing was reported for this month. The money for it seems to stand under {other}. Your employer must"
        " have it put right."
    ),
    (State.WITHOUT_WORK, Why.NOTHING): marked(
        "It was paid, but no work of yours with this employer is registered in this month. Your employer must"
        " register it or have it put right."
    ),
}
OWN_SENTENCES: Mapping[tuple[State, Why], str] = {
    (State.NOT_DUE, Why.NOTHING): marked("You pay it by {due}."),
    (State.WAITING, Why.NOTHING): marked("You have a payment code. Pay by {due}."),
    (State.MISSING, Why.NOTHING): marked(
        "It was due on {due}. Ask for a payment code, and pay to be covered again."
    ),
    (State.UNPAID, Why.NOTHING): marked("Your bill was due on {due}. Pay it to be covered again."),
    (State.PARTLY, Why.DIFFERENCE): marked("A part of it still waits to be paid, by {due}."),
    (State.PARTLY, Why.AMOUNT): marked(
        "The money that came is not the sum that was asked for, so it could not be credited. Pay the exact sum, or"
        " ask the fund. It was due on {due}."
    ),
    (State.WITHOUT_WORK, Why.NOTHING): marked(
        "It was paid for a month in which you were not enrolled. The fund must look at it."
    ),
}
MEANT_FOR = marked("It seems to be meant for {other}.")
SAVED = marked("Saved by you.")


def name(verdict: Verdict) -> str:
    """What the month is called, an English sentence of the catalogue."""
    return (OWN_NAMES if verdict.is_own else NAMES)[verdict.state]


def kind(state: State) -> str:
    """How its tag looks: good, warn, info, bad, or nothing."""
    return KINDS.get(state, "bad")


def say(
    verdict: Verdict,
    translate: Callable[[str], str] = unchanged,
    *,
    day: Callable[[date], str] = str,
    month: Callable[[Month], str] = str,
) -> str:
    """What is true of the month and who must act, in the reader's words; `day` and `month` write dates."""
    about = (verdict.state, verdict.why)
    sentence = (OWN_SENTENCES.get(about) if verdict.is_own else None) or SENTENCES[about]
    if verdict.is_own and verdict.due is None and verdict.state in {State.PAID, State.WAITING}:
        sentence = SAVED if verdict.state is State.PAID else NAMES[State.WAITING]
    said = translate(sentence).format(
        due=day(verdict.due) if verdict.due else "–",
        other=month(verdict.other) if verdict.other else "–",
        lacking=", ".join(verdict.lacking),
    )
    if verdict.state is State.WITHOUT_WORK and verdict.other:
        said += " " + translate(MEANT_FOR).format(other=month(verdict.other))
    return said
