"""`lumbung member`: what the fund's office notes about a member."""

import click

from lumbung.cli import django, screen


@click.group()
def command() -> None:
    """Put a member's phone on file."""


@command.command("phone")
@click.argument("number")
@click.argument("phone", required=False)
@click.option("--json", "for_programs", is_flag=True, help="The result as data.")
def phone(number: str, phone: str | None, for_programs: bool) -> None:
    """Put PHONE on file for member NUMBER, whom the office has checked; it is asked for when it is not given.

    Texts go there at once, codes once the member confirms it. A phone that was there before is told, and what
    moves money waits.
    """
    phone = phone or click.prompt("Phone number")
    django.setup()
    from django.utils import timezone

    from lumbung.accounts.contacts import actions
    from lumbung.masking import masked
    from lumbung.registry import queries
    from lumbung.registry.errors import BadIdentity
    from lumbung.registry.identity import phone_in_e164

    with screen.refusals(for_programs=for_programs):
        person = queries.member_number(number).person
        spelled = phone_in_e164(phone)
        if spelled is None:
            raise BadIdentity(what="phone number", shape="like 0812 0000 0001")
        actions.put_phone_on_file(person, spelled, by=None, now=timezone.now(), place="cli")
    if for_programs:
        screen.as_json({"member_number": number, "phone": masked(spelled)})
    else:
        click.echo(f"On file: {masked(spelled)}.")
