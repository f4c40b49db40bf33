"""What the development result refuses."""

from lumbung.errors import Refusal, marked


class YearNotOver(Refusal):
    """Money may still come in with a value date of the year."""

    code = "development_year_not_over"
    sentence = marked("The year {year} is not over. Its result can be credited from 1 January of the next year.")


class BadRate(Refusal):
    """Not a rate that a fund would decree."""

    code = "development_rate"
    sentence = marked(
        "The rate must be percent a year, more than 0 and at most {most}, with at most 4 decimals, like 5.60."
    )


class BadDecree(Refusal):
    """The decree stands in the books beside the result."""

    code = "development_decree"
    sentence = marked("Name the decree that sets the rate, in one line of at most {most} characters.")


class OtherTerms(Refusal):
    """A year has one rate."""

    code = "development_other_terms"
    sentence = marked(
        "The result of {year} is credited at {rate} % under the decree “{decree}”. A year has one rate and one"
        " decree: give the same."
    )


class LaterYearCredited(Refusal):
    """The later year's opening balances would lack this result."""

    code = "development_later_year"
    sentence = marked("The result of {later} is credited already. A year before it can't be credited any more.")


class EarlierYearMissing(Refusal):
    """Years are credited in their order."""

    code = "development_earlier_year"
    sentence = marked("The result of {missing} is not credited yet, or not to the end. Credit {missing} first.")


class NotCredited(Refusal):
    """There is nothing to show or to adjust."""

    code = "development_not_credited"
    sentence = marked("The result of {year} was not credited yet.")


class ProofFailed(Refusal):
    """The run stays unfinished until somebody has looked."""

    code = "development_proof_failed"
    sentence = marked(
        "The result of {year} is not proven complete: {faults}. The run stays open. Run `lumbung ledger check`,"
        " and tell whoever looks after the books."
    )
