"""Why a consent can't be taken."""

from lumbung.errors import Refusal, marked


class TextChanged(Refusal):
    """Nobody agrees to what he has not read."""

    code = "text_changed"
    sentence = marked("The text has changed since you opened the page. Read it again, then decide.")
