"""Why an account can't be closed now."""

from lumbung.errors import Refusal, marked


class ClosingWaits(Refusal):
    """A contact or the bank account was changed a short while ago, perhaps by somebody else."""

    code = "closing_waits"
    sentence = marked(
        "Your phone, e-mail address or bank account was changed a short while ago. So that nobody can hide such a"
        " change, the account can be closed only after the waiting time."
    )
