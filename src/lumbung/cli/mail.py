"""`lumbung mail`: whether mail goes out, and what the server says."""

import click

from lumbung.cli import django


@click.group()
def command() -> None:
    """Try the mail server."""


@command.command("test")
@click.argument("address")
@click.option("--language", type=click.Choice(["id", "en"]), default="en", show_default=True)
def test(address: str, language: str) -> None:
    """Send one test mail to ADDRESS at once, past the queue, and say what the server answered."""
    django.setup()
    from smtplib import SMTPException
    from uuid import uuid4

    from lumbung.messaging.mail import letters, sending, trouble
    from lumbung.messaging.mail.message import Written
    from lumbung.messaging.mail.smtp import Connection

    now, _ = django.read_clock()
    server, sender = sending.configured(), sending.sender()
    subject, body = letters.trial(language=language)
    click.echo(f"From: {sender}")
    as_whom = f"as {server.user}" if server.user else "without log-in"
    click.echo(f"Server: {server.host}:{server.port}, {HOW[server.tls]}, {as_whom}")
    try:
        connection = Connection(server)
        try:
            click.echo(f"Connected: {connection.protection}")
            said = sending.hand_over(Written(uuid4(), address, subject, body, now, language), connection)
        finally:
            connection.end()
    except (OSError, SMTPException, sending.NotForAnybody) as problem:
        raise click.ClickException(trouble.words(problem, server)) from None
    click.echo(f'Taken. The server answered: "{said}"')
    click.echo("Look into the mailbox, and into its folder for junk. SPF, DKIM and DMARC: docs/operators/mail.md.")


HOW = {"start": "STARTTLS", "on": "TLS from the first byte", "off": "without TLS"}
