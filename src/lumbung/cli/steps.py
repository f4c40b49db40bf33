"""What a long command shows while it works: moving bars on a terminal, plain lines elsewhere."""

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from lumbung.cli import processes

Report = Callable[[str, int, int], None]


class StepFailed(Exception):
    """A step could not be done; the message is the end of its log."""

    def __init__(self, log: Path) -> None:
        super().__init__(f"This went wrong; the end of {log}:\n{processes.last_lines(log)}")


class Steps:
    """One step after the other, each with a bar that moves whenever `refresh` is called."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False)
        self._bar: Progress | None = None
        self._moved = 0.0

    def say(self, text: str) -> None:
        """Print; a terminal that was closed meanwhile must not keep us from stopping."""
        with contextlib.suppress(OSError):
            self.console.print(text, soft_wrap=True)

    def refresh(self) -> None:
        """Move the bar, ten times a second at most."""
        now = time.monotonic()
        if self._bar and now - self._moved > 0.1:
            self._moved = now
            with contextlib.suppress(OSError):
                self._bar.refresh()

    @contextlib.contextmanager
    def step(self, label: str) -> Iterator[None]:
        """Show a step whose end nobody can foretell. No thread moves the bar: children are started meanwhile."""
        if not self.console.is_terminal:
            started = time.monotonic()
            yield
            self.say(f"{label}: {time.monotonic() - started:.1f} s")
            return
        columns = (TextColumn("{task.description:<38}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self.console, auto_refresh=False) as bar:
            task = bar.add_task(label, total=None)
            self._bar = bar
            try:
                yield
                bar.update(task, total=1, completed=1)
            finally:
                self._bar = None


@contextlib.contextmanager
def reporting() -> Iterator[Report]:
    """A function to call with what is being done, how much of it is done, and of how much."""
    console = Console(highlight=False)
    if not console.is_terminal:
        yield _plain_lines(console)
        return
    columns = (TextColumn("{task.description:<38}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bar:
        tasks = {}

        def report(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=of)
            bar.update(tasks[what], completed=done, total=of)

        yield report


def _plain_lines(console: Console) -> Report:
    """A line for each thing that is begun, and one when it is done."""
    shown = set()

    def report(what: str, done: int, of: int) -> None:
        if what not in shown or done == of:
            shown.add(what)
            console.print(f"{what}: {done} of {of}", soft_wrap=True)

    return report
