"""How a number is shown when it must not be shown whole."""

SHOWN = 4


def masked(number: str, *, filler: str = "•") -> str:
    """The last four characters behind fillers: ••••••••9012. Shorter numbers are filled whole."""
    if len(number) <= SHOWN:
        return filler * len(number)
    return filler * (len(number) - SHOWN) + number[-SHOWN:]


def masked_email(address: str, *, filler: str = "•", most: int = 100) -> str:
    """The first letter and the domain: b•••@contoh.test. No longer than `most`."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}{filler * 3}@{domain}"[:most] if name else filler * 3
