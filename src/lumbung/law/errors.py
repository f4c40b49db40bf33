"""What the law refuses to answer, and why."""

from collections.abc import Callable
from typing import ClassVar

from lumbung.errors import Refusal, marked, unchanged

_SHOWN = 40


def shown(given: object, most: int = _SHOWN) -> str:
    """What was given, as a sentence may repeat it: short, printable, and never an error of its own."""
    try:
        text = str(given)[:most]
    except ValueError:  # Python refuses to write out a number of thousands of digits
        return "a very large number"
    return text if text.isprintable() else ascii(text)


class _OfAParameter(Refusal):
    """A refusal whose subject is the label of a parameter, which the catalogue knows as it knows the sentence."""

    def say(self, translate: Callable[[str], str] = unchanged) -> str:
        """The sentence with its facts filled in."""
        facts = {**self.facts, "subject": translate(str(self.facts["subject"]))}
        return translate(self.sentence).format(**facts)


class NotYetInForce(_OfAParameter):
    """The rule or value asked for had no value on that day yet."""

    code: ClassVar[str] = "not_yet_in_force"
    sentence: ClassVar[str] = marked("{subject}: nothing is in force before {start}; {day} was asked for.")


class Unknown(_OfAParameter):
    """The value is not announced, or not found in any source, from a day on."""

    code: ClassVar[str] = "unknown"
    sentence: ClassVar[str] = marked("{subject}: nobody knows the value from {start} on; {day} was asked for.")


class NotApplicable(Refusal):
    """The rule has nothing to say about what was asked."""

    code: ClassVar[str] = "not_applicable"
    sentence: ClassVar[str] = marked("The rule {rule} has no answer for {what} {value}; it knows {choices}.")


class BadInput(Refusal):
    """An input is missing, out of its bounds or not written as it should be."""

    code: ClassVar[str] = "bad_input"
    sentence: ClassVar[str] = marked("{what} can't be used.")


class MissingInput(BadInput):
    """An input without a default was left out."""

    sentence: ClassVar[str] = marked("{what} is missing.")


class StrangeInput(BadInput):
    """An input that another segment has."""

    sentence: ClassVar[str] = marked("{what} does not belong to segment {segment}, which takes {choices}.")


class BadAmount(BadInput):
    """An amount of money that is no number, too small, too large, or a fraction where none may be.

    The amount itself is not told: a wage and a balance are personal.
    """

    sentence: ClassVar[str] = marked("{what} must be rupiah from {least} to {most}, written in digits only.")


class BadWholeAmount(BadAmount):
    """As BadAmount, where a fraction of a rupiah is refused."""

    sentence: ClassVar[str] = marked("{what} must be whole rupiah from {least} to {most}, in digits only.")


class BadPercent(BadInput):
    """A rate that is no decimal number or outside its bounds."""

    sentence: ClassVar[str] = marked("{what} must be a percentage from {least} to {most}, such as 5.7.")


class BadCount(BadInput):
    """A number of years that is not whole or outside its bounds."""

    sentence: ClassVar[str] = marked("{what} must be a whole number from {least} to {most}.")


class BadChoice(BadInput):
    """A word that is none of the words allowed."""

    sentence: ClassVar[str] = marked("{what} must be one of {choices}; {value} is none of them.")


class BadFlag(BadInput):
    """Something that is neither true nor false."""

    sentence: ClassVar[str] = marked("{what} must be true or false.")


class BadMonth(BadInput):
    """A month that does not exist or is not written as YYYY-MM."""

    sentence: ClassVar[str] = marked("{value} is not a month; write it as YYYY-MM, for example 2025-04.")


class BadDay(BadInput):
    """A day that does not exist or is not written as YYYY-MM-DD."""

    sentence: ClassVar[str] = marked("{value} is not a day; write it as YYYY-MM-DD, for example 2025-04-15.")


class BadList(BadInput):
    """Something that should be a list and is not."""

    sentence: ClassVar[str] = marked("{what} must be a list of {choices}.")


class NotTogether(BadInput):
    """Two inputs of which only one can be said."""

    sentence: ClassVar[str] = marked("{what} and {other} don't go together; say one of them.")


class BadPair(BadInput):
    """Something with its amount that is not written as one."""

    sentence: ClassVar[str] = marked("{what} must be written as {form}, for example {example}.")


class WrongOrder(BadInput):
    """A day that lies before the one it must follow."""

    sentence: ClassVar[str] = marked("{what} can't lie before {earlier}.")


class TooManyMonths(BadInput):
    """The rows of one year have more months than a year."""

    sentence: ClassVar[str] = marked("The months of {year} come to more than {most}.")


class NoCases(BadInput):
    """A case file that can't be read as a list of cases."""

    sentence: ClassVar[str] = marked("The file holds no list of cases: {reason}")


class OutsideYear(BadInput):
    """The months of one development result lie in more than one year, or after its last month."""

    sentence: ClassVar[str] = marked("The month {value} does not lie in {year} up to {until}; take one year.")
