"""Why an account can't be opened anew."""

from lumbung.errors import Refusal, marked


class NoAccount(Refusal):
    """There is no account to open anew."""

    code = "no_account"
    sentence = marked("This member has no account yet. The member can register on the first page.")


class CodeNotGood(Refusal):
    """An officer's code that was used, taken back or replaced meanwhile."""

    code = "code_not_good"
    sentence = marked("This code can't be used any more. Ask the fund's office for a new one.")
