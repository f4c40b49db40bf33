"""What payments refuse."""

from collections.abc import Sequence

from lumbung.errors import Problem, Refusal, marked


class BankFileRefused(Refusal):
    """A bank file with problems; nothing of it was taken in."""

    code = "bank_file_refused"
    sentence = marked("The bank file was refused and nothing was taken in. Problems, listed below: {count}.")

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = problems
        super().__init__(count=len(problems))
