"""What BANTUAN says: all words, or one of them at more length. Each is one text."""

from collections.abc import Mapping

from django.utils.translation import gettext, override

from lumbung.errors import marked
from lumbung.sms.commands import INDONESIAN, What

ALL = marked(
    "Text BALANCE, STATUS, CONTRIBUTIONS, GAPS, CARD, CLAIM or LOCK and your member number. First REGISTER: text "
    "HELP REGISTER. Tell your codes to nobody."
)
TOPICS: Mapping[What, str] = {
    What.REGISTER: marked(
        "REGISTER <member number> <birth date DD-MM-YYYY> <NIK>, once, from the phone that we have on file. Then "
        "this phone may ask."
    ),
    What.BALANCE: marked(
        "BALANCE <member number>: your old-age savings (JHT) today. If this phone is registered for one number, "
        "the word alone is enough."
    ),
    What.STATUS: marked(
        "STATUS <member number>: whether you are covered, for which programmes, by which employer, and the last "
        "month paid."
    ),
    What.CONTRIBUTIONS: marked(
        "CONTRIBUTIONS <member number>: the last three months, each with the wage that was reported and whether "
        "it was paid in time."
    ),
    What.GAPS: marked(
        "GAPS <member number>: how many months are missing, not paid or too low, the newest of them, and who must "
        "act."
    ),
    What.CARD: marked(
        "CARD <member number>: whether your card is valid today, what it covers, and how to get it."
    ),
    What.CLAIM: marked(
        "CLAIM <member number>: how far your claim is. Claims are not taken here yet: go to our office with KTP "
        "and card."
    ),
    What.LOCK: marked(
        "LOCK <member number>: at once nothing of yours is changed or paid out. Do so if you lose your phone or "
        "card. UNLOCK says how to end it."
    ),
    What.STOP: marked(
        "STOP: no more notices to this phone. Codes, answers and warnings about your account still come. START: "
        "notices come again."
    ),
    What.START: marked("START: notices come to this phone again. STOP: they come no more."),
    What.UNLOCK: marked(
        "UNLOCK says how to unlock: log in with your password, or come to our office with your KTP. No text "
        "unlocks."
    ),
}


def help_text(topic: What | None = None, language: str | None = INDONESIAN) -> str:
    """What can be asked, or how one thing is asked. Indonesian to whoever did not use an English word."""
    with override(language or INDONESIAN):
        return gettext(TOPICS.get(topic, ALL) if topic else ALL)
