"""Why something of a member's profile can't be changed."""

from lumbung.errors import Refusal, marked


class TooManyHeirs(Refusal):
    """There is room for `most` heirs."""

    code = "too_many_heirs"
    sentence = marked("You can name at most {most} heirs. Take one off the list first.")


class HolderDiffers(Refusal):
    """Benefits go to the member's own account only."""

    code = "holder_differs"
    sentence = marked(
        "The account must be your own: the holder's name must be your name as the fund knows it. Is your name"
        " wrong here? Ask for a correction first."
    )


class HeirGone(Refusal):
    """The heir was taken off while the change was typed."""

    code = "heir_gone"
    sentence = marked("This heir is not on your list any more.")


class BadAccountNumber(Refusal):
    """The bank has no such numbers."""

    code = "bad_account_number"
    sentence = marked("{bank} has no account number like this. Count the digits on your card or bank book.")


class UnknownBank(Refusal):
    """No bank of the list."""

    code = "unknown_bank"
    sentence = marked("We can't pay to this bank. Choose one of the list.")
