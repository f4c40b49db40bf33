"""House rules that no other tool checks. Each rule here also fails on a planted offence."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from longest import LONGEST

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "lumbung"
LONGEST_FILE = 500
LONGEST_FUNCTION = 70
FORBIDDEN_NAMES = {"utils", "helpers", "common", "services", "manager"}
WRITERS = {"actions.py"}
WRITE_CALLS = {"create", "bulk_create", "update_or_create", "get_or_create", "bulk_update", "delete"}
DOORS = ("portal", "office", "api", "sms")


def python_files(folder: Path = SOURCE) -> list[Path]:
    return [path for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(module: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def too_long(module: ast.Module) -> list[str]:
    return [f.name for f in functions(module) if (f.end_lineno or f.lineno) - f.lineno + 1 > LONGEST_FUNCTION]


def reads_clock(module: ast.Module) -> list[int]:
    """Lines that ask what time it is."""
    return [
        node.lineno
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"now", "today", "utcnow", "localdate", "localtime"}
    ]


def writes(module: ast.Module) -> list[int]:
    """Lines that write rows through Django's ORM."""
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            text = ast.unparse(node.func)
            if node.func.attr in WRITE_CALLS and ".objects" in text:
                found.append(node.lineno)
            if node.func.attr == "save" and text not in {"book.save", "image.save", "request.session.save"}:
                found.append(node.lineno)
    return found


@pytest.mark.parametrize("path", python_files(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_a_file_is_short_named_by_a_noun_and_says_what_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LONGEST_FILE
    assert path.stem not in FORBIDDEN_NAMES
    assert not text.strip() or ast.get_docstring(tree(path)), "a module starts with one line that says what it is"
    assert too_long(tree(path)) == []


@pytest.mark.parametrize("path", python_files(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_only_actions_write(path: Path) -> None:
    if path.name not in WRITERS:
        assert writes(tree(path)) == []


CLOCK_READERS = {
    "cli",  # a door
    "portal",
    "office",
    "api",
    "sms",
    "config",
}


@pytest.mark.parametrize("path", python_files(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_the_clock_is_read_at_the_doors_only(path: Path) -> None:
    package = path.relative_to(SOURCE).parts[0]
    lines = reads_clock(tree(path))
    if package in CLOCK_READERS:
        return
    queued = {
        line
        for function in functions(tree(path))
        if any("task" in ast.unparse(decorator) for decorator in function.decorator_list)
        for line in range(function.lineno, (function.end_lineno or function.lineno) + 1)
    }
    assert [line for line in lines if line not in queued] == []


@pytest.mark.parametrize(
    "path", [p for door in DOORS for p in python_files(SOURCE / door)], ids=lambda p: str(p.relative_to(SOURCE))
)
def test_a_door_asks_no_table_itself(path: Path) -> None:
    if path.name in {"actions.py", "queries.py", "models.py"}:
        return
    assert ".objects" not in path.read_text(encoding="utf-8")


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    names = [name for name in listed.stdout.decode().split("\0") if name]
    return [ROOT / name for name in names if (ROOT / name).is_file()]


OFFENCES = {
    "a package registry": re.compile(
        "index-" + r"url|registry\." + r"npmjs|py" + r"pi\.org|files\." + "pythonhosted"
    ),
    "a private key": re.compile("-----BEGIN " + r"(RSA |EC )?PRIVATE KEY"),
    "a machine's path": re.compile("/" + r"(root|home)/[a-z.]+/"),
}


def offences(text: str) -> list[str]:
    return [name for name, pattern in OFFENCES.items() if pattern.search(text)]


def test_no_file_names_a_registry_a_machine_or_a_secret() -> None:
    found = {}
    for path in tracked_files():
        if path == Path(__file__):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if offences(text):
            found[str(path.relative_to(ROOT))] = offences(text)
    assert found == {}


def test_no_signals_and_no_save_overrides() -> None:
    for path in python_files():
        text = path.read_text(encoding="utf-8")
        assert "django.dispatch" not in text, path
        assert "db.models.signals" not in text, path
        assert not [f for f in functions(tree(path)) if f.name == "save"], path


def test_each_rule_catches_a_planted_offence() -> None:
    long = "def f():\n" + "    x = 1\n" * LONGEST_FUNCTION
    assert too_long(ast.parse(long)) == ["f"]
    assert reads_clock(ast.parse("datetime.now(UTC)")) == [1]
    assert writes(ast.parse("Person.objects.create(name='x')")) == [1]
    assert writes(ast.parse("person.save()")) == [1]
    assert offences("x = '-----BEGIN " + "PRIVATE KEY-----'") == ["a private key"]


def test_every_migration_says_what_it_does_and_each_app_has_one_head() -> None:
    for folder in sorted(SOURCE.glob("*/migrations")):
        names = sorted(path.stem for path in folder.glob("[0-9]*.py"))
        numbers = [name[:4] for name in names]
        assert len(set(numbers)) == len(numbers), folder
        for name in names:
            assert ast.get_docstring(tree(folder / f"{name}.py")), name


def test_the_locks_have_a_hash_for_every_package() -> None:
    for lock in (ROOT / "requirements").glob("*.lock"):
        text = lock.read_text(encoding="utf-8")
        packages = re.findall(r"^[a-z0-9][^\n]*==[^\n]*\\\n(    --hash=sha256:)", text, re.M)
        assert len(packages) == len(re.findall(r"^[a-z0-9][^\n]*==", text, re.M)) > 0, lock.name


def test_the_files_that_begin_first_are_there():
    files = {path.stem for path in (ROOT / "tests").rglob("test_*.py")}
    assert set(LONGEST) <= files
    assert len(set(LONGEST)) == len(LONGEST)
