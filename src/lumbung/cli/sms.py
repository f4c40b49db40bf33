"""`lumbung sms`: how texts fare; be a phone of the demo; configure the gateway."""

import time
import uuid
from datetime import UTC, datetime

import click

from lumbung.cli import django, kannelconfig, smsstatus
from lumbung.messaging.simulator import SHORT_NUMBER

WAIT_SECONDS = 15.0
LOOK_EVERY_SECONDS = 0.1


@click.group()
def command() -> None:
    """Texts: how they fare, a phone of the demo, and the gateway's configuration."""


command.add_command(smsstatus.status)
command.add_command(kannelconfig.command)


@command.command()
@click.argument("text")
@click.option("--from", "sender", required=True, metavar="PHONE", help="The phone, such as 081200000001.")
@click.option("--to", default=SHORT_NUMBER, show_default=True, metavar="NUMBER", help="The fund's short number.")
def say(text: str, sender: str, to: str) -> None:
    """Send TEXT from a phone through the demo's HTTP endpoint, as the gateway would, and print the answer."""
    django.setup()
    gateway_id = str(uuid.uuid4())
    _hand_in(gateway_id, sender, to, text)
    click.echo(_answer_to(gateway_id))


def _hand_in(gateway_id: str, sender: str, to: str, text: str) -> None:
    """Post the text. Raises click.ClickException with what to do."""
    from django.conf import settings

    from lumbung.messaging.simulator import NotHandedIn, hand_in

    url, secret, phone = settings.LUMBUNG_PUBLIC_URL, settings.LUMBUNG_SMS_SECRET, sender.replace(" ", "")
    if not secret:
        raise click.ClickException("LUMBUNG_SMS_SECRET is not set, so the endpoint for texts is closed.")
    try:
        hand_in(url, secret, gateway_id=gateway_id, sender=phone, body=text, now=datetime.now(UTC), to=to)
    except NotHandedIn as wrong:
        if wrong.status is None:
            reason = f"Nothing answers at {url}. Start the demo with `make demo` and leave it running."
        elif wrong.status in {401, 404}:
            reason = f"The server at {url} is not this demo: it does not know the demo's secret for texts."
        elif wrong.status == 400:
            reason = "What follows --from or --to is no number, such as 081200000001 or 2757."
        else:
            reason = f"The endpoint answered with status {wrong.status}. Its log tells why."
        raise click.ClickException(reason) from None


def _answer_to(gateway_id: str) -> str:
    """The answer, once the outbox has handed it over. Raises click.ClickException when none comes."""
    from lumbung.messaging import queries
    from lumbung.messaging.models import InboundText, OutboundText
    from lumbung.messaging.simulator import GATEWAY

    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        text = queries.inbound(GATEWAY, gateway_id)
        if text is None:
            raise click.ClickException("The text went to a server with another database than this command's.")
        if text.state == InboundText.State.SILENT:
            raise click.ClickException(f"No answer is due: {text.outcome} (docs/decisions/0007-texts.md).")
        if text.state == InboundText.State.ANSWERED and text.answer.state == OutboundText.State.SENT:
            return text.answer.body or ""
        time.sleep(LOOK_EVERY_SECONDS)
    raise click.ClickException(f"No answer came within {WAIT_SECONDS:g} s. Is the demo's worker running?")
