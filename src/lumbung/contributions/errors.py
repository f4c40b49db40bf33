"""What contributions refuse."""

from collections.abc import Sequence

from lumbung.errors import Problem, Refusal, marked


class ReturnRefused(Refusal):
    """A return with problems; nothing of it was taken in."""

    code = "return_refused"
    sentence = marked("The return was refused and nothing was taken in. Problems, listed below: {count}.")

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = problems
        super().__init__(count=len(problems))


class MonthNotYet(Refusal):
    """A return for a month that has not begun."""

    code = "month_not_yet"
    sentence = marked("The month {month} has not begun. A return can be made from the first day of its month.")
