"""`lumbung law`: what the law says, where it stands, and whether cases agree with it."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import click

from lumbung.cli.law import language
from lumbung.cli.law.accident import accident, death
from lumbung.cli.law.claim import claim
from lumbung.cli.law.contribution import contribution
from lumbung.cli.law.data import lines, refusals
from lumbung.cli.law.development import development
from lumbung.cli.law.explain import explain_rule
from lumbung.cli.law.fine import fine
from lumbung.cli.law.job_loss import job_loss
from lumbung.cli.law.pension import pension
from lumbung.cli.law.projection import projection
from lumbung.cli.law.tax import tax
from lumbung.errors import Refusal, marked
from lumbung.law import cases, inputs
from lumbung.law.parameter import Parameter, parameters
from lumbung.law.telling import parameter_as_data, written


@click.group()
def command() -> None:
    """The law: what is owed, what it gives, its parameters, and checking cases."""


for each in (
    contribution,
    development,
    pension,
    accident,
    death,
    job_loss,
    claim,
    tax,
    fine,
    explain_rule,
    projection,
):
    command.add_command(each)


@command.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def check(files: tuple[str, ...]) -> None:
    """Run the cases in YAML files. Exit code 1 when one failed, 2 when a file can't be read."""
    passed = failed = unread = 0
    for file in files:
        try:
            outcomes = cases.check(Path(file).read_bytes())
        except (Refusal, OSError) as error:
            unread += 1
            reason = error.strerror if isinstance(error, OSError) else error
            click.echo(f"Error: {file}: {reason}", err=True)
            continue
        for outcome in outcomes:
            passed, failed = passed + outcome.passed, failed + (not outcome.passed)
            _show_failure(file, outcome)
    click.echo(f"{passed} passed, {failed} failed")
    sys.exit(2 if unread else min(failed, 1))


@command.command("parameters")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--json", "as_json", is_flag=True, help="The same as data.")
@language.option
def list_parameters(names: tuple[str, ...], as_json: bool, translate: Callable[[str], str]) -> None:
    """The law's numbers: since when each holds and where it stands."""
    with refusals(as_json, translate):
        chosen = [parameters()[inputs.choice(name, "NAME", parameters())] for name in names or parameters()]
    if as_json:
        data = [parameter_as_data(each, translate) for each in chosen]
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
    else:
        _show_parameters(chosen, translate)


def _show_failure(file: str, outcome: cases.Outcome) -> None:
    if outcome.passed:
        return
    click.echo(f"FAILED {outcome.name} ({file}, case {outcome.number})")
    for problem in outcome.problems:
        click.echo(f"       {problem}")


def _show_parameters(chosen: list[Parameter], translate: Callable[[str], str]) -> None:
    for each in chosen:
        click.echo(f"{each.name}: {translate(each.label)} ({translate(each.unit)})")
        for value in each.values:
            first, *others = lines(translate(marked("unknown")) if value.content is None else written(value))
            source = value.source.said(translate)
            since = translate(marked("from {day}")).format(day=value.start)
            if not others:
                click.echo(f"  {since}  {first}  {source}")
                continue
            click.echo(f"  {since}  {source}")
            for line in (first, *others):
                click.echo(f"    {line}")
