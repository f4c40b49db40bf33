"""The `lumbung` command: one group, whose sub-commands are loaded only when they are asked for."""

import importlib
from typing import Any

import click

from lumbung.cli import failures

COMMANDS = {
    "announcement": "Publish and withdraw announcements; list them.",
    "balance": "What a member has, its history, and how each result was worked out.",
    "bank": "Take in a bank file; list payments that are held.",
    "bill": "Bill the self-employed, projects, migrant workers and late payers.",
    "card": "Check cards and statements without a network; make keys; withdraw.",
    "db": "Prepare and migrate the database.",
    "demo": "Run the whole platform with an invented fund, in the foreground.",
    "development": "Credit the yearly development result; adjust and prove it.",
    "enrol": "Enrol the self-employed, projects and migrant workers; note reliefs.",
    "form": "Put up and withdraw forms to download; list them.",
    "icons": "Make the installed app's icons from a fund's own mark.",
    "law": "The law: contributions, parameters, and checking cases.",
    "ledger": "Prove, seal, correct and export the books.",
    "mail": "Send a test mail and say what the server answers.",
    "maintenance": "Close the doors while you work behind them, and open them again.",
    "member": "Put a member's phone on file.",
    "push": "Make the key for push messages.",
    "return": "Take in employers' wage returns, settle and correct them.",
    "sms": "How texts fare; configure the gateway; say a text to the demo as a phone would.",
    "user": "End sessions of users.",
}
# Where a verb is no name for a module.
MODULES = {"enrol": "enrolment", "return": "returns"}


class LazyGroup(click.Group):
    """Loads `lumbung.cli.<name>` for a sub-command, so that `lumbung law` never pays for Django."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = MODULES.get(name, name)
        command: click.Command = importlib.import_module(f"lumbung.cli.{module}").command
        return command

    def invoke(self, context: click.Context) -> Any:
        """Run the sub-command; when the machine fails it, say so in a sentence."""
        try:
            return super().invoke(context)
        except Exception as wrong:
            said = None if failures.is_closed_pipe(wrong) else failures.sentence(wrong)
            if said is None:
                raise
            if isinstance(wrong, OSError):
                failures.hush_standard_output()
            raise click.ClickException(said) from None

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


@click.command(cls=LazyGroup)
@click.version_option(package_name="lumbung")
def main() -> None:
    """Lumbung: member accounts of an employment social security fund."""
