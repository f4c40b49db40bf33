"""What the demo prints when it is up: where to look, who may come in, what to try."""

import os
import sys
from pathlib import Path

PHONE = "081200000001"
TEXTS = ("DAFTAR 123456789012 01-01-1990 3171010101010001", "SALDO 123456789012")


def text(folder: Path, environment: dict[str, str]) -> str:
    """The whole message; `environment` holds the demo's address and secrets."""
    from lumbung.cli import demofund

    address = environment["LUMBUNG_PUBLIC_URL"]
    command = _command()
    log_ins = demofund.log_ins(folder)
    widths = [
        max(len(word) for word in column) for column in zip(*(_row(x, address) for x in log_ins), strict=True)
    ]
    lines = [
        "",
        f"Lumbung is running: {address}   (Ctrl-C stops it)",
        "",
        "Log in as",
        *("  " + "  ".join(f"{w:<{n}}" for w, n in zip(_row(x, address), widths, strict=True)) for x in log_ins),
        "",
        *_registering(demofund.newcomer(folder), address),
        f"Two texts to try, on the phone at {address}/simulator/ or in another terminal:",
        *(f'  {command} sms say --from {PHONE} "{words}"' for words in TEXTS),
        "",
        f"The same balance in a terminal:  {command} balance {TEXTS[1].split()[1]}",
        f"The files that were fed, and some to try:  {folder / 'demo'}",
        f"The secret of the SMS gateway, for POST {address}/sms/inbound:  {environment['LUMBUNG_SMS_SECRET']}",
        "",
    ]
    return "\n".join(line.replace("[", r"\[") for line in lines)


def _registering(newcomer: dict[str, str] | None, address: str) -> list[str]:
    """What to type to register as an invented person, and where the code arrives."""
    if newcomer is None:
        return []
    typed = ("member_number", "nik", "birth_date", "name", "phone", "email")
    labels = ("member number", "KTP number", "birth date", "name", "phone", "e-mail")
    return [
        f"Register at {address}/register/ as an invented member without an account:",
        *(f"  {label:<14}  {newcomer[key]}" for label, key in zip(labels, typed, strict=True)),
        f"Codes and links arrive at {address}/simulator/ (SMS) and {address}/simulator/mail/ (e-mail).",
        "",
    ]


def _row(log_in, address: str) -> tuple[str, str, str, str]:  # type: ignore[no-untyped-def]
    return log_in.kind, f"{address}{log_in.path}", log_in.user, log_in.password


def _command() -> str:
    """The command as it can be typed from here."""
    path = os.path.join(os.path.dirname(sys.executable), "lumbung")
    near = os.path.relpath(path)
    return path if near.startswith("..") else near
