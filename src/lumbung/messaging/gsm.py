"""The alphabet of a text message (GSM 03.38): how much room a text takes, and whether it fits at all."""

import re

# 3GPP TS 23.038, 6.2.1: the basic table, and 6.2.1.1: the extension table, whose characters take two places.
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
ONE_TEXT = 160


# What makes a phone see an address, of a page or of a mail, in a name: abadi.com, http://…, hrd@…
_OF_LINKS = re.compile(r"\.(?=\w)|[:/@]")


def unlinked(name: str) -> str:
    """The name without what would become a link: who names himself so must not put one into a text of the fund."""
    return " ".join(_OF_LINKS.sub(" ", name).split())


def septets(text: str) -> int | None:
    """The places of seven bits that the text takes, ONE_TEXT of which are one message; None when a character of
    it is in neither table, which would halve the room (UCS-2) or reach the phone as a question mark."""
    if not BASIC.union(EXTENSION).issuperset(text):
        return None
    return sum(2 if character in EXTENSION else 1 for character in text)


# A longer text is cut into parts, each with a head that says where it belongs: 23.040, 9.2.3.24.1.
_PART, _ONE_UCS2, _PART_UCS2 = 153, 70, 67


def parts(text: str) -> int:
    """How many messages the text takes, which is what a network counts."""
    if septets(text) is None:
        units = len(text.encode("utf-16-be")) // 2
        return 1 if units <= _ONE_UCS2 else -(-units // _PART_UCS2)
    if (septets(text) or 0) <= ONE_TEXT:
        return 1
    count, room = 1, _PART
    for character in text:
        places = 2 if character in EXTENSION else 1  # the two are never cut apart
        if places > room:
            count, room = count + 1, _PART
        room -= places
    return count
