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


class NoSuchReturn(Refusal):
    """Neither a payment code nor the number of a return."""

    code = "no_such_return"
    sentence = marked("No return has the payment code or number {reference}.")


class NotSettled(Refusal):
    """What is not paid yet is not corrected but replaced."""

    code = "return_not_settled"
    sentence = marked(
        "The return {reference} is not paid and credited. Feed a right file for its month instead: it replaces it."
    )


class NotInReturn(Refusal):
    """A member who has no line in the return."""

    code = "not_in_return"
    sentence = marked("This member has no line in the return {reference}.")


class AlreadyTakenBack(Refusal):
    """A line is corrected once; what stands for it may be corrected again."""

    code = "already_taken_back"
    sentence = marked("This was corrected already: by the return {by}. Correct that one.")


class NothingToCorrect(Refusal):
    """The right facts are the ones reported, or nothing is owed by either."""

    code = "nothing_to_correct"
    sentence = marked("That changes nothing that was reported or paid. Nothing was corrected.")


class CorrectionRefused(Refusal):
    """A correction with problems; nothing was changed."""

    code = "correction_refused"
    sentence = marked("The correction was refused and nothing was changed. Problems, listed below: {count}.")

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = problems
        super().__init__(count=len(problems))
