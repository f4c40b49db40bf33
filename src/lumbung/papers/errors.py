"""What papers refuse."""

from lumbung.errors import Refusal, marked


class NoCard(Refusal):
    """There is no card that stands."""

    code = "no_card"
    sentence = marked("There is no card that could be withdrawn. Nothing was changed.")


class NoSuchPaper(Refusal):
    """No paper has this reference."""

    code = "no_such_paper"
    sentence = marked("No paper with this reference was made here, or it is withdrawn already.")


class BadPeriod(Refusal):
    """The days are not a period that a statement can be about."""

    code = "bad_period"
    sentence = marked("The first day lies after the last one, or the last one has not come yet.")


class TooLong(Refusal):
    """More lines than one paper holds."""

    code = "too_long"
    sentence = marked("The period has {lines} lines, and a statement holds {most}. Choose a shorter period.")


class TooBusy(Refusal):
    """Others are having papers made."""

    code = "too_busy"
    sentence = marked("Many people are having papers made just now. Nothing was made. Try again in a minute.")
