"""Why a phone that waits is not put on file."""

from lumbung.errors import Refusal, marked


class OtherPhone(Refusal):
    """What was typed is not the phone that waits."""

    code = "other_phone"
    sentence = marked(
        "This is not the number that waits. Type the number of your new phone whole. If you do not know it, it is "
        "not yours: refuse it."
    )
