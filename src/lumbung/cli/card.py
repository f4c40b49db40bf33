"""`lumbung card`: check a card or statement with the fund's public key, make keys, withdraw papers."""

from __future__ import annotations

import base64
import os
import secrets
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lumbung.cli import django, screen
from lumbung.law.writing import rupiah
from lumbung.papers.codes import CantRead, texts_in

if TYPE_CHECKING:  # no command loads what another one needs
    from collections.abc import Iterable

    from lumbung.papers.checking import Checked
    from lumbung.papers.signing import PublicKey

KEY_SET = "/.well-known/lumbung-keys.json"
MOST_BYTES = 20_000_000
_LONGEST_ANSWER = 100_000  # bytes
_SECONDS = 10
_WIB = timezone(timedelta(hours=7), "WIB")


@click.group()
def command() -> None:
    """Check cards and statements; make keys; withdraw papers."""


@command.command()
@click.argument("paper")
@click.option(
    "--keys", "source", required=True, metavar="FILE|ADDRESS",
    help="The fund's public keys: a file of its page of keys, or its address, which is then asked for more.",
)  # fmt: skip
@click.option("--json", "for_programs", is_flag=True, help="The same as data.")
def verify(paper: str, source: str, for_programs: bool) -> None:
    """Check PAPER: a picture or PDF of a card or statement, the text of its code, or - for a text on the input.

    With a file of keys no network is needed; then nobody can tell whether a newer card replaced this one. With the
    fund's address (https://…) its page is asked as well. The exit status is 0 when the paper is genuine, 1 when
    there is nothing to check, 3 when it is old, 4 withdrawn, 5 forged or changed, 6 signed by another key, 7 not
    in the fund's records.
    """
    from lumbung.papers import checking

    now = datetime.now(UTC)
    keys = _keys(source)
    statuses = []
    for text in _texts(paper):
        checked = checking.check(text, keys, now=now)
        if checked.contents is not None and _is_address(source):
            checked = checking.Checked(_asked(source, text), checked.contents)
        _show(checked, for_programs=for_programs)
        statuses.append(checking.EXIT_CODES[checked.verdict])
    sys.exit(max(statuses))


@command.command("new-key")
def new_key() -> None:
    """Make a key that signs codes, and name the public part under which it goes on being known once replaced."""
    from lumbung.papers.signing import Keyring

    seed = secrets.token_bytes(32)
    public = Keyring.of(seed).present
    click.echo(f"LUMBUNG_PAPER_KEY={base64.b64encode(seed).decode()}")
    click.echo(f"# key id {public.key_id}; once another key takes its place, add to LUMBUNG_PAPER_OLD_KEYS:")
    click.echo(f"# {base64.b64encode(public.raw).decode()}")


@command.command()
@click.argument("reference")
def withdraw(reference: str) -> None:
    """Withdraw the paper with that number (REFERENCE): whoever checks it is told not to accept it."""
    django.setup()
    from lumbung.papers import actions

    now, _ = django.read_clock()
    with screen.refusals():
        actions.withdraw(reference, place="cli", now=now)
    click.echo("Withdrawn.")


def _texts(paper: str) -> list[str]:
    """The texts of the codes to check. Raises click.ClickException."""
    if paper == "-":
        return [sys.stdin.read(MOST_BYTES)]
    if not os.path.isfile(
        paper
    ):  # a text is longer than any name of a file may be: no Path asks that without falling
        if paper.count(".") != 2:
            raise click.ClickException(
                f"There is no file {screen.printable(paper[:80])}, and it is no text of a code."
            )
        return [paper]
    content = _content(Path(paper))
    try:
        found = texts_in(content)
    except CantRead as wrong:
        raise click.ClickException(str(wrong)) from None
    if not found:
        raise click.ClickException("No code was found. Try a sharper picture with the whole code in it.")
    return found


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise click.ClickException(f"{path} is larger than {MOST_BYTES // 1_000_000} MB.")
    return content


def _is_address(source: str) -> bool:
    return source.startswith(("https://", "http://"))


def _keys(source: str) -> Iterable[PublicKey]:
    """The public keys of a file or of a fund's page. Raises click.ClickException."""
    from lumbung.papers.signing import NotSigned, from_key_set

    if not _is_address(source) and not os.path.isfile(source):
        raise click.ClickException(f"There is no file {source}. An address begins with https://.")
    content = _fetched("GET", source, KEY_SET) if _is_address(source) else _content(Path(source))
    try:
        return from_key_set(content)
    except NotSigned:
        raise click.ClickException(f"{source} holds no Ed25519 key in the form of a JWK set.") from None


def _asked(source: str, text: str) -> Any:
    """What the fund itself says of a paper whose signature is right."""
    import json

    from lumbung.papers.checking import Verdict

    answer = _fetched("POST", source, "/verify/", data={"text": text}, headers={"Accept": "application/json"})
    try:
        return Verdict(json.loads(answer)["verdict"])
    except (ValueError, KeyError, TypeError):
        raise click.ClickException(f"{source} gave no answer that this version understands.") from None


def _fetched(method: str, source: str, path: str, **more: Any) -> bytes:
    import requests

    try:
        with requests.request(
            method, source.rstrip("/") + path, timeout=_SECONDS, stream=True, allow_redirects=False, **more
        ) as answer:
            answer.raise_for_status()
            content: bytes = answer.raw.read(_LONGEST_ANSWER, decode_content=True)
            return content
    except requests.RequestException:
        raise click.ClickException(f"{source} did not answer as a fund does. Check the address.") from None


def _show(checked: Checked, *, for_programs: bool) -> None:
    """The finding in the words of the page, and what the paper says."""
    said = checked.contents
    if for_programs:
        screen.as_json(
            {
                "verdict": checked.verdict.value,
                "title": checked.verdict.heading,
                "sentence": checked.verdict.sentence,
                "paper": said.payload() if said else None,
            }
        )
        return
    click.echo(f"{checked.verdict.heading}. {checked.verdict.sentence}")
    if said is not None:
        rows = [(label, value) for label, value in _rows(said) if value]
        screen.console().print(screen.table(("What it says", ""), rows))


def _rows(said: Any) -> list[tuple[str, str]]:
    is_card = said.kind == "card"
    rows = [
        ("Kind", "membership card" if is_card else "statement"),
        ("Name", said.name),
        ("Member number ends in", ", ".join(said.numbers)),
    ]
    if is_card:
        state = "Active on" if said.is_active else "Not active on"
        rows += [(state, f"{said.valid_on}"), ("Covered for", " ".join(said.programmes))]
    else:
        rows += [("From", f"{said.first}"), ("Until", f"{said.last}")]
        rows += [("At the beginning", rupiah(said.opening)), ("At the end", rupiah(said.closing))]
    made = said.issue.issued_at.astimezone(_WIB)
    return [
        *rows,
        ("Made on", f"{made:%Y-%m-%d %H:%M %Z}"),
        ("Made by", said.issue.issuer),
        ("Paper number", said.issue.reference),
    ]
