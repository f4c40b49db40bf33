"""Why an account can't be closed now."""

from lumbung.errors import Refusal, marked


class AlreadyClosed(Refusal):
    """Somebody closed it while this was asked."""

    code = "already_closed"
    sentence = marked("This account is closed already.")


class ClosingWaits(Refusal):
    """A contact or the bank account was changed a short while ago, perhaps by somebody else."""

    code = "closing_waits"
    sentence = marked(
        "Your phone, e-mail address or bank account was changed a short while ago. So that nobody can hide such a"
        " change, the account can be closed only after the waiting time."
    )
