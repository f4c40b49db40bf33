"""What a projection of a registered person refuses."""

from lumbung.errors import Refusal, marked


class NoWageReported(Refusal):
    """No contribution of the person was ever paid, and nobody said a wage."""

    code = "no_wage_reported"
    sentence = marked(
        "No wage of this person was ever reported and paid for, so there is nothing to carry forward. Say a"
        " monthly wage to see what it would bring."
    )
