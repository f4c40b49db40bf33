"""`lumbung balance`: what a member has."""

from datetime import datetime

import click

from lumbung.cli import django, screen
from lumbung.cli.screen import rupiah


@click.command()
@click.argument("number")
@click.option("--at", type=click.DateTime(["%Y-%m-%d"]), help="As booked by the end of that day (YYYY-MM-DD).")
@click.option("--json", "for_programs", is_flag=True, help="The same as data.")
def command(number: str, at: datetime | None, for_programs: bool) -> None:
    """Show the balance of member NUMBER: old age, pension, and what they consist of."""
    django.setup()
    from lumbung.ledger import queries as ledger
    from lumbung.masking import masked
    from lumbung.registry import queries as registry

    _, today = django.read_clock()
    day = at.date() if at else today
    if day > today:
        raise click.BadParameter("That day lies in the future. Ask for a day up to today.", param_hint="--at")
    with screen.refusals():
        registry.member_number(number)
    balance = ledger.balance(number, day)
    if for_programs:
        screen.as_json(
            {
                "member_number": number,
                "as_of": day,
                "old_age": {
                    "balance": balance.old_age_balance,
                    "contributions": balance.old_age_contributions,
                    "development": balance.old_age_development,
                },
                "pension": {
                    "contributions": balance.pension_contributions,
                    "months_paid": balance.pension_months_paid,
                },
            }
        )
        return
    rows = [
        ("Old age (JHT): contributions", rupiah(balance.old_age_contributions)),
        ("Old age (JHT): development result", rupiah(balance.old_age_development)),
        ("Old age (JHT): balance", rupiah(balance.old_age_balance)),
        ("Pension (JP): contributions", rupiah(balance.pension_contributions)),
        ("Pension (JP): months paid", balance.pension_months_paid),
    ]
    out = screen.console()
    out.print(f"Member {masked(number)}, as of {day.isoformat()}")
    out.print(screen.table(("", "Amount"), rows, numbers=(1,)))
