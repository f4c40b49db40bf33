"""`lumbung sms kannel-config`: write the configuration that both boxes of Kannel read."""

import stat
from pathlib import Path
from typing import Any

import click

from lumbung.cli import home
from lumbung.cli.carriers import BadCarriers, Carrier, read
from lumbung.cli.django import complete_environment
from lumbung.cli.kannel import BadSettings, Gateway, configuration

_FILE = click.Path(dir_okay=False, path_type=Path)
_PORT = click.IntRange(1, 65535)


@click.command("kannel-config")
@click.option("--gateway", "name", default="", metavar="NAME", help="Which one of LUMBUNG_GATEWAYS, when several.")
@click.option(
    "--carriers",
    type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path),
    default="/etc/lumbung/carriers.toml",
    show_default=True,
    help="The carriers' links (docs/operators/sms.md).",
)
@click.option("--output", type=_FILE, default="/etc/lumbung/kannel.conf", show_default=True, help="Written whole.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default="/var/lib/lumbung-sms",
    show_default=True,
    help="Where Kannel's spool and its log of traffic lie: in store, dlr and log below it.",
)
@click.option("--admin-port", type=_PORT, default=13000, show_default=True, help="Of Kannel's status page.")
@click.option("--box-port", type=_PORT, default=13001, show_default=True, help="Between Kannel's two boxes.")
def command(name: str, carriers: Path, output: Path, folder: Path, admin_port: int, box_port: int) -> None:
    """Write Kannel's configuration from our settings and the carriers' links, readable by its owner only.

    No password is printed. What Kannel can't be told is refused, all of it at once, and nothing is written.
    """
    gateway = _gateway(name, _links(carriers), folder, admin_port, box_port)
    try:
        text = configuration(gateway)
    except BadSettings as wrong:
        raise _refusal("Kannel can't be told these settings:", wrong.problems) from None
    home.write_private(output, text)
    names = ", ".join(carrier.name for carrier in gateway.carriers)
    click.echo(f"Written: {output}, for {names}. Kannel reads it when both boxes are started anew.")


def _gateway(name: str, links: tuple[Carrier, ...], folder: Path, admin_port: int, box_port: int) -> Gateway:
    """What our settings say of this Kannel; no database is needed. Raises click.ClickException."""
    complete_environment()
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
        from django.conf import settings

        from lumbung.messaging.gateways.configured import kannels

        entry = _chosen(name, kannels())
    except ImproperlyConfigured as wrong:
        raise click.ClickException(str(wrong)) from None
    return Gateway(
        number=str(entry["from"]),
        endpoint=str(entry["receipts"] or settings.LUMBUNG_SMS_ENDPOINT),
        secret=settings.LUMBUNG_SMS_SECRET,
        sendsms_url=str(entry["url"]),
        user=str(entry["username"]),
        password=str(entry["password"]),
        carriers=links,
        folder=folder,
        admin_port=admin_port,
        box_port=box_port,
    )


def _chosen(name: str, entries: list[dict[str, Any]]) -> dict[str, Any]:
    """The gateway of that name, or the only one. Raises click.ClickException."""
    found = [entry for entry in entries if name in {"", entry["name"]}]
    if len(found) == 1:
        return found[0]
    if not entries:
        raise click.ClickException("There is no Kannel: set LUMBUNG_KANNEL_URL (docs/operators/sms.md).")
    names = ", ".join(entry["name"] for entry in entries)
    raise click.ClickException(
        f"Say by --gateway which one of LUMBUNG_GATEWAYS is meant; of transport kannel: {names}."
    )


def _links(path: Path) -> tuple[Carrier, ...]:
    """The carriers of the file. Raises click.ClickException with every problem."""
    if path.stat().st_mode & stat.S_IRWXO:
        raise click.ClickException(f"{path} holds passwords, and everybody may read it: chmod o= {path}")
    try:
        return read(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise click.ClickException(f"{path} is no UTF-8.") from None
    except BadCarriers as wrong:
        raise _refusal(f"{path} can't be used:", wrong.problems) from None


def _refusal(opening: str, problems: list[str]) -> click.ClickException:
    return click.ClickException("\n".join([opening, *(f"- {problem}" for problem in problems)]))
