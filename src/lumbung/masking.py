"""How a number is shown when it must not be shown whole."""

SHOWN = 4
_LONGEST_ENDING = 6


def masked(number: str, *, filler: str = "•") -> str:
    """The last four characters behind fillers: ••••••••9012. Shorter numbers are filled whole."""
    if len(number) <= SHOWN:
        return filler * len(number)
    return filler * (len(number) - SHOWN) + number[-SHOWN:]


def masked_email(address: str, *, filler: str = "•", most: int = 100) -> str:
    """First letters and the ending, b•••@c•••.test: its owner knows it, nobody else can write to it."""
    local, _, domain = address.rpartition("@")
    host, dot, ending = domain.rpartition(".")
    shown = f"{dot}{ending}" if host and len(ending) <= _LONGEST_ENDING else ""
    return f"{local[:1]}{filler * 3}@{domain[:1]}{filler * 3}{shown}"[:most]
