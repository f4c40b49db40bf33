"""`lumbung enrol`: who insures himself, what is insured by contract, and who has a right to a relief."""

from datetime import date, datetime

import click

from lumbung.cli import django, screen

DAY = click.DateTime(["%Y-%m-%d"])
FOR_PROGRAMS = click.option("--json", "for_programs", is_flag=True, help="The result as data.")


@click.group()
def command() -> None:
    """Enrol the self-employed, construction projects and migrant workers; note reliefs."""


@command.command("self-employed")
@click.argument("number")
@click.option("--income", type=int, prompt="Monthly income in rupiah", help="Asked for when it is not given.")
@click.option("--sector", type=click.Choice(["transport", "other"]), required=True)
@click.option("--old-age/--no-old-age", default=False, help="Whether to save for old age (JHT) too.")
@click.option("--from", "starts", type=DAY, required=True, help="The first day (YYYY-MM-DD).")
@click.option("--until", "ends", type=DAY, help="The last day, when it is known.")
@click.option("--paid-by-state", is_flag=True, help="The state budget pays the contribution.")
@click.option("--relief-covid", is_flag=True, help="Takes part in the relief of PP 49/2020.")
@FOR_PROGRAMS
def self_employed(
    number: str, starts: datetime, ends: datetime | None, for_programs: bool, **facts: object
) -> None:
    """Enrol member NUMBER as self-employed (BPU): work accident and death, and old age if wished."""
    django.setup()
    from lumbung.registry import actions

    new = actions.NewSelfEmployment(number, starts=starts.date(), ends=_day(ends), **facts)  # type: ignore[arg-type]
    with screen.refusals(for_programs=for_programs):
        (enrolled,) = actions.enrol_self_employed([new])
    _say(for_programs, "enrolment", enrolled.pk, f"Enrolled from {enrolled.starts}. Bill it with `lumbung bill`.")


@command.command("end")
@click.argument("number")
@click.option("--on", "last_day", type=DAY, required=True, help="The last day (YYYY-MM-DD).")
@FOR_PROGRAMS
def end(number: str, last_day: datetime, for_programs: bool) -> None:
    """End the self-employment of member NUMBER that stands on that day."""
    django.setup()
    from lumbung.law.month import Month
    from lumbung.registry import actions, queries
    from lumbung.registry.errors import NotSelfEmployed

    day = last_day.date()
    with screen.refusals(for_programs=for_programs):
        standing = queries.self_employed_between(number, day, day)
        if not standing:
            raise NotSelfEmployed(month=Month.of(day))
        ended = actions.end_self_employment(standing[0].pk, ends=day)
    _say(for_programs, "enrolment", ended.pk, f"The enrolment ends on {ended.ends}.")


@command.command("project")
@click.argument("full_number", metavar="NPP-DIV")
@click.option("--name", required=True)
@click.option("--value", "contract_value", type=int, required=True, help="The contract's value without VAT.")
@click.option("--starts", type=DAY, required=True, help="The first day (YYYY-MM-DD).")
@click.option("--ends", type=DAY, required=True, help="The last day.")
@click.option("--relief-covid", is_flag=True, help="Takes part in the relief of PP 49/2020.")
@FOR_PROGRAMS
def project(full_number: str, starts: datetime, ends: datetime, for_programs: bool, **facts: object) -> None:
    """Register a construction project (Jakon) of employer NPP-DIV, like 00000001-000."""
    django.setup()
    from lumbung.registry import actions, queries

    new = actions.NewProject(starts=starts.date(), ends=ends.date(), **facts)  # type: ignore[arg-type]
    with screen.refusals(for_programs=for_programs):
        (registered,) = actions.register_projects(queries.employer(full_number), [new])
    _say(
        for_programs, "project", registered.pk,
        f"Registered as project {registered.pk}. Bill it with `lumbung bill project {registered.pk}`.",
    )  # fmt: skip


@command.command("migrant")
@click.argument("number")
@click.option("--departs", type=DAY, required=True, help="The day of departure (YYYY-MM-DD).")
@click.option("--months", "contract_months", type=int, required=True, help="Months of the contract: 6, 12 or 24.")
@click.option("--extension", "extension_months", type=int, default=0, show_default=True, help="Months beyond.")
@click.option("--agency/--no-agency", default=True, show_default=True, help="Whether an agency sends the worker.")
@click.option("--old-age", type=int, default=0, show_default=True, help="The monthly sum chosen for old age.")
@FOR_PROGRAMS
def migrant(number: str, departs: datetime, for_programs: bool, **facts: object) -> None:
    """Register the contract of member NUMBER as a migrant worker (PMI)."""
    django.setup()
    from lumbung.registry import actions

    new = actions.NewMigrantContract(number, departs_on=departs.date(), **facts)  # type: ignore[arg-type]
    with screen.refusals(for_programs=for_programs):
        (registered,) = actions.register_migrant_contracts([new])
    _say(
        for_programs, "contract", registered.pk,
        f"Registered as contract {registered.pk}. Bill it with `lumbung bill migrant {registered.pk}`.",
    )  # fmt: skip


@command.command("reliefs")
@click.argument("full_number", metavar="NPP-DIV")
@click.option("--labour-intensive/--not-labour-intensive", required=True, help="An industry of PP 7/2025.")
@click.option("--covid/--no-covid", "relief_covid", required=True, help="Takes part in PP 49/2020.")
@FOR_PROGRAMS
def reliefs(full_number: str, labour_intensive: bool, relief_covid: bool, for_programs: bool) -> None:
    """Note which reliefs employer NPP-DIV has a right to; returns taken in from now on follow them."""
    django.setup()
    from lumbung.registry import actions, queries

    with screen.refusals(for_programs=for_programs):
        employer = actions.note_reliefs(
            queries.employer(full_number), labour_intensive=labour_intensive, relief_covid=relief_covid
        )
    _say(for_programs, "employer", employer.full_number, f"Noted for {employer.full_number}.")


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


def _say(for_programs: bool, what: str, key: object, sentence: str) -> None:
    if for_programs:
        screen.as_json({what: key})
    else:
        click.echo(sentence)
