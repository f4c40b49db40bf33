"""A database server of its own for one run: the launcher's settings, durable, gone afterwards."""

import os
import secrets
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from lumbung.cli.home import new_secrets
from lumbung.cli.postgres import EmbeddedPostgres
from lumbung.cli.processes import last_lines
from lumbung.cli.roles import APPLICATION, OWNER, grant_database, prepare

ROOT = Path(__file__).resolve().parent.parent
# Kannel and a carrier for it, which the tests use as well.
HARNESS = ROOT / "tests/doors"
TEMPLATE = "lumbung_bench"
SHOWN = (
    "server_version", "shared_buffers", "work_mem", "max_wal_size", "checkpoint_timeout", "wal_compression",
    "fsync", "synchronous_commit", "full_page_writes", "data_checksums",
)  # fmt: skip


class _Postgres(EmbeddedPostgres):
    """The launcher's server with some settings changed; of two values of a setting the later one counts."""

    changed: Mapping[str, str] = {}

    def _server_command(self) -> list[str | Path]:
        more = [word for name, value in self.changed.items() for word in ("-c", f"{name}={value}")]
        return [*super()._server_command(), *more]


class Server:
    """The server, and a template database that every benchmark gets a fresh copy of."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self.folder = folder
        self.postgres = _Postgres(folder / "postgres", durable=True)
        self.postgres.changed = settings
        self.password = secrets.token_urlsafe(16)
        self.secrets = new_secrets()

    def start(self) -> None:
        """Start, and migrate the template."""
        self.postgres.start()
        prepare(self.postgres.superuser_url, self.password, self.password, TEMPLATE)
        command = [sys.executable, "-c", "from lumbung.cli import main; main()", "db", "migrate"]
        subprocess.run(command, env=self.environment(TEMPLATE), check=True, stdout=subprocess.DEVNULL)

    def stop(self) -> None:
        self.postgres.stop()

    def log(self) -> str:
        return last_lines(self.postgres.log)

    def settings(self) -> dict[str, str]:
        """The settings that matter, as the server has them."""
        with psycopg.connect(self.postgres.superuser_url) as connection:
            shown = {}
            for name in SHOWN:
                row = connection.execute(sql.SQL("SHOW {}").format(sql.Identifier(name))).fetchone()
                assert row is not None
                shown[name] = row[0]
        assert shown["fsync"] == shown["synchronous_commit"] == shown["data_checksums"] == "on", (
            "durable, both sides"
        )
        return shown

    def make(self, name: str, *, empty: bool = False) -> dict[str, str]:
        """A copy of the template, or an empty database, and the environment of a process that works in it."""
        with psycopg.connect(self.postgres.superuser_url, autocommit=True) as connection:
            statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
            template = "template0" if empty else TEMPLATE
            connection.execute(statement.format(*map(sql.Identifier, (name, OWNER, template))))
            grant_database(connection, name)
        return self.environment(name)

    def drop(self, name: str) -> None:
        with psycopg.connect(self.postgres.superuser_url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def environment(self, name: str) -> dict[str, str]:
        """What a process reads that works in this database, as the application's role like the real thing."""
        return {
            **os.environ,
            **self.secrets,
            "DATABASE_URL": self.postgres.url(APPLICATION, self.password, name),
            "DATABASE_OWNER_URL": self.postgres.url(OWNER, self.password, name),
            "DJANGO_SETTINGS_MODULE": "lumbung.config.settings",
            "LUMBUNG_HOME": str(self.folder),
            "LUMBUNG_PUBLIC_URL": "http://localhost",
            "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), str(HARNESS), os.environ.get("PYTHONPATH")])),
        }
