"""`make bench`: measures every ratio in one run, in a PostgreSQL of its own, and prints a table or `--json`."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from benchmarks.goals import GOALS, GROUPS, chosen
from benchmarks.server import Server

# The database of the peer lies beside that of these groups.
WITH_PEER = ("books", "employers")


def main() -> None:
    """Start a durable server in a folder of its own, measure group by group, and leave nothing behind."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="lumbung-bench-", dir=options.folder) as folder:
        os.chmod(folder, 0o711)  # the server is another user when root runs this
        server = Server(Path(folder), dict(word.split("=", 1) for word in options.setting))
        try:
            server.start()
            settings = server.settings()
            _say(options, f"PostgreSQL: {', '.join(f'{name} {value}' for name, value in settings.items())}")
            results = [result for group in GROUPS for result in _measured(server, group, options)]
        finally:
            server.stop()
    if options.json:
        print(json.dumps(_as_data(results, settings, options), indent=2))
    else:
        Console(width=None if sys.stdout.isatty() else 120).print(_table(results))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("--members", type=int, default=30_000, help="members whose months are posted (default: %(default)s)")
    add("--months", type=int, default=18, help="months posted for all of them, after a first one (%(default)s)")
    add("--employers", type=int, default=100, help="employers of 100 members each (%(default)s)")
    add("--one", type=int, default=10_000, help="rows of the employer that stands alone (%(default)s)")
    add("--rows", type=int, default=50_000, help="rows of the big return (%(default)s)")
    add("--longest", type=int, default=480, help="months of the longest history (%(default)s)")
    add("--peer", type=int, default=5_000, help="members of the peer's month (%(default)s)")
    add("--scale", default="10000,100000", help="numbers of members whose costs are compared (%(default)s)")
    add("--seconds", type=float, default=2.0, help="of load on each web side in a round (%(default)s)")
    add("--reads", type=int, default=2_000, help="single reads in a round (%(default)s)")
    add("--texts", type=int, default=20_000, help="texts through Kannel, each of a phone of its own (%(default)s)")
    add("--rounds", type=int, default=3, help="of which the median counts (%(default)s)")
    add("--only", action="append", default=[], metavar="NAME", help=f"a ratio, or a group: {', '.join(GROUPS)}")
    add("--setting", action="append", default=[], metavar="NAME=VALUE", help="another setting of PostgreSQL")
    add("--folder", default="/tmp", help="where the data lie meanwhile (%(default)s)")
    add("--json", action="store_true", help="the ratios by name, and the absolute figures")
    options = parser.parse_args()
    try:
        options.names = chosen(options.only)
    except KeyError as unknown:
        parser.error(f"--only knows no {unknown.args[0]}; it knows {', '.join([*GROUPS, *GOALS])}")
    return options


def _measured(server: Server, group: str, options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """The results of one group, from a process of its own in a database of its own."""
    names = sorted(name for name in options.names if GOALS[name].group == group)
    if not names:
        return
    environment = server.make(f"bench_{group}")
    if group in WITH_PEER:
        environment["PEER_DATABASE_URL"] = server.make(f"peer_{group}", empty=True)["DATABASE_OWNER_URL"]
    began = time.monotonic()
    command = [sys.executable, "-m", "benchmarks.group", group, json.dumps({**vars(options), "names": names})]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for line in child.stdout:
            result = json.loads(line)
            if result["name"] in names:
                _say(options, _line(result))
                yield result
    if child.returncode:
        raise SystemExit(
            f"The benchmark {group} failed; what went wrong stands above. PostgreSQL said at last:\n{server.log()}"
        )
    _say(options, f"({group}: {time.monotonic() - began:.0f} s)")
    server.drop(f"bench_{group}")
    if group in WITH_PEER:
        server.drop(f"peer_{group}")


def _say(options: argparse.Namespace, words: str) -> None:
    print(words, file=sys.stderr if options.json else sys.stdout, flush=True)


def _line(result: dict[str, Any]) -> str:
    goal = GOALS[result["name"]]
    return (
        f"{result['name']:<28} {_number(result['ratio']):>7}  {goal!s:<7} {_verdict(result):<6} {result['words']}"
    )


def _verdict(result: dict[str, Any]) -> str:
    return {True: "met", False: "MISSED", None: ""}[GOALS[result["name"]].is_met(result["ratio"])]


def _number(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.2f}"


def _table(results: list[dict[str, Any]]) -> Table:
    table = Table(
        Column("Name", no_wrap=True), "Ratio", "Goal", "", "Figures, and what was compared", show_lines=True
    )
    for result in results:
        goal = GOALS[result["name"]]
        told = f"[bold]{escape(result['words'])}[/]\n{escape(goal.compared)}"
        table.add_row(result["name"], _number(result["ratio"]), str(goal), _verdict(result), told)
    return table


def _as_data(
    results: list[dict[str, Any]], settings: dict[str, str], options: argparse.Namespace
) -> dict[str, object]:
    goals = {name: GOALS[name] for name in (result["name"] for result in results)}
    return {
        "ratios": {result["name"]: round(result["ratio"], 4) for result in results},
        "absolute": {result["name"]: result["figures"] for result in results},
        "goals": {name: str(goal) for name, goal in goals.items() if goal.value is not None},
        "met": {result["name"]: goals[result["name"]].is_met(result["ratio"]) for result in results},
        "postgresql": settings,
        "options": {**vars(options), "names": sorted(options.names)},
    }


if __name__ == "__main__":
    main()
