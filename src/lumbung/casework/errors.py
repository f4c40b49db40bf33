"""Why a case can't be opened, read or decided."""

from lumbung.errors import Refusal, marked


class CaseIsClosed(Refusal):
    """Somebody decided it, or the member took it back."""

    code = "case_is_closed"
    sentence = marked("This request is closed already. Open the list again.")


class ReasonNeeded(Refusal):
    """An officer opens nothing without a reason."""

    code = "reason_needed"
    sentence = marked("Write why you open this request. The member will read it.")


class NoteNeeded(Refusal):
    """A decision without a word to the member is none."""

    code = "note_needed"
    sentence = marked("Write to the member why you decide so.")


class NotReadBefore(Refusal):
    """Who decides has opened the case with a reason before."""

    code = "not_read_before"
    sentence = marked("Open the request with a reason before you decide it.")


class CaseChanged(Refusal):
    """The member asked something else after the officer's page was made."""

    code = "case_changed"
    sentence = marked("The member changed this request while you read it. Read it again, then decide.")


class CodeIsNewer(Refusal):
    """A code was given after the officer's page was made, perhaps because the form was sent twice."""

    code = "code_is_newer"
    sentence = marked(
        "Meanwhile a newer code was given for this request, and it is shown only once. If you don't have it, give"
        " another one now."
    )


class NoCodeToGive(Refusal):
    """The request was not accepted, too long ago, or its code was used; or there is no code to take back."""

    code = "no_code_to_give"
    sentence = marked(
        "No code can be given or taken back for this request any more. The member can send a new request."
    )


class BadCorrection(Refusal):
    """What is said to be right can't be."""

    code = "bad_correction"
    sentence = marked(
        "This can't be right. A name has at least two letters, a KTP number 16 digits, and a date looks like"
        " 31-12-1990."
    )
