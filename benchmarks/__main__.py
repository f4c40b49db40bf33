"""`make bench`: runs every benchmark in a PostgreSQL of its own and prints ratios (`--json`: by name)."""

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

from lumbung.cli.home import new_secrets
from lumbung.cli.postgres import EmbeddedPostgres
from lumbung.cli.roles import APPLICATION, OWNER, prepare

DATABASE = "lumbung_bench"


def main() -> None:
    """Start a durable server in a folder of its own, migrate, measure, and leave nothing behind."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--members", type=int, default=20_000, help="members of the posting benchmark")
    parser.add_argument("--rows", type=int, default=200_000, help="rows of the return")
    parser.add_argument("--json", action="store_true", help="the ratios by name")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lumbung-bench-", dir="/tmp") as folder:
        os.chmod(folder, 0o711)
        server = EmbeddedPostgres(Path(folder) / "postgres", durable=True)
        server.start()
        try:
            _prepare(server, folder)
            ratios = _measure(options)
        finally:
            server.stop()
    if options.json:
        print(json.dumps(ratios, indent=2))


def _prepare(server: EmbeddedPostgres, folder: str) -> None:
    password = secrets.token_urlsafe(16)
    prepare(server.superuser_url, password, password, DATABASE)
    os.environ.update(new_secrets())
    os.environ.update(
        DATABASE_URL=server.url(APPLICATION, password, DATABASE),
        DATABASE_OWNER_URL=server.url(OWNER, password, DATABASE),
        DJANGO_SETTINGS_MODULE="lumbung.config.settings",
        LUMBUNG_HOME=folder,
    )
    command = [sys.executable, "-c", "from lumbung.cli import main; main()", "db", "migrate"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    # Measured as the owner of nothing: the application's role, like the real thing.
    import django

    django.setup()


def _measure(options: argparse.Namespace) -> dict[str, float]:
    from benchmarks import posting, reading, returns

    ratios: dict[str, float] = {}
    for benchmark in (posting.run, reading.run, returns.run):
        for name, ratio, words in benchmark(options):
            ratios[name] = round(ratio, 3)
            print(
                f"{name:<28} {ratio:>8.2f}  {words}", file=sys.stderr if options.json else sys.stdout, flush=True
            )
    return ratios


if __name__ == "__main__":
    main()
