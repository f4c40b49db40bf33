"""Why a record can't be opened."""

from lumbung.errors import Refusal, marked


class NobodyThere(Refusal):
    """No such member number, however wrong it is."""

    code = "nobody_there"
    sentence = marked("There is nobody with this member number. Count its digits and type it again.")
