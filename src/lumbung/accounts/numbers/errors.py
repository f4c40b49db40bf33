"""Why a member number can't be joined or parted."""

from lumbung.errors import Refusal, marked


class NotYours(Refusal):
    """There is no such number, or it can't be shown to be this person's; nobody learns which."""

    code = "not_yours"
    sentence = marked(
        "We can't join this number to yours. Check its digits. If they are right, the fund's office helps: bring"
        " your identity card."
    )


class TooLateToPart(Refusal):
    """The member's own time to undo is over, or somebody undid it before."""

    code = "too_late_to_part"
    sentence = marked("This can't be undone here any more. Ask the fund's office.")


class OnlyShown(Refusal):
    """The account only shows for some days."""

    code = "only_shown"
    sentence = marked("Your account only shows for now. Try again when that is over.")
