"""How a number is shown when it must not be shown whole."""

SHOWN = 4


def masked(number: str, *, filler: str = "•") -> str:
    """The last four characters behind fillers: ••••••••9012. Shorter numbers are filled whole."""
    if len(number) <= SHOWN:
        return filler * len(number)
    return filler * (len(number) - SHOWN) + number[-SHOWN:]
