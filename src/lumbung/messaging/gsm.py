"""The alphabet of a text message (GSM 03.38): how much room a text takes, and whether it fits at all."""

# 3GPP TS 23.038, 6.2.1: the basic table, and 6.2.1.1: the extension table, whose characters take two places.
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
ONE_TEXT = 160


def septets(text: str) -> int | None:
    """The places of seven bits that the text takes, ONE_TEXT of which are one message; None when a character of
    it is in neither table, which would halve the room (UCS-2) or reach the phone as a question mark."""
    if not BASIC.union(EXTENSION).issuperset(text):
        return None
    return sum(2 if character in EXTENSION else 1 for character in text)
