"""The message catalogue: `tools/messages.py extract | check | compile`.

English sentences in the source are the message ids. `extract` brings the Indonesian catalogue up to date with
the source: new sentences come in empty, gone ones go, nothing is guessed. `check` lists what is wrong. `compile`
writes the binary form that runs, which is not in git. Babel does the work: no gettext programs are needed.
"""

import os
import re
import sys
from io import BytesIO
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS
from babel.messages.extract import extract as babel_extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "lumbung"
LOCALES = SOURCE / "locale"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "marked": None,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
TEMPLATES = {".html", ".txt", ".svg"}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z]|\{[^{}]*\}")

Key = tuple[str | None, str]


def catalogue_paths() -> list[Path]:
    """The catalogue of each language but English, which needs none."""
    return sorted(LOCALES.glob("*/LC_MESSAGES/django.po"))


def read(path: Path) -> Catalog:
    """The catalogue as it stands in the file."""
    return read_po(BytesIO(path.read_bytes()), locale=path.parent.parent.name, abort_invalid=True)


def extracted(folder: Path = SOURCE) -> Catalog:
    """Every sentence that the source marks for translation, with the files it stands in."""
    found = Catalog()
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder).as_posix()
        for _, message_id, _, context in babel_extract("python", BytesIO(_python(path).encode()), KEYWORDS):
            found.add(message_id, locations=[(place, 0)], context=context)
    return found


def _python(path: Path) -> str:
    """The text in which to look for calls of the marking functions; empty when the file can hold none.

    Django turns a template into such calls among crossed-out text, which only lacks Python's rule of indents. Of a
    parameter of the law its label, its unit and the titles of its sources are shown to people.
    """
    if path.suffix == ".py":
        return path.read_text(encoding="utf-8")
    if path.suffix in TEMPLATES and "templates" in path.parts:
        lines = templatize(path.read_text(encoding="utf-8"), origin=str(path)).splitlines()
        return "\n".join(line.lstrip() for line in lines)
    if path.suffix == ".yaml" and path.parent.name == "parameters":
        parameter = yaml.safe_load(path.read_text(encoding="utf-8"))
        titles = dict.fromkeys(value["source"]["title"] for value in parameter["values"])
        shown = [parameter["label"], parameter["unit"], *titles]
        return "\n".join(f"marked({words!r})" for words in shown)
    return ""


def key(message: Message) -> Key:
    """What identifies a message: its context and its singular."""
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def keyed(catalogue: Catalog) -> dict[Key, Message]:
    """The messages of a catalogue, without its header."""
    return {key(message): message for message in catalogue if message.id}


def updated(old: Catalog, found: Catalog) -> Catalog:
    """The catalogue with exactly the found messages, translated as before where the sentence is the same."""
    known = keyed(old)
    new = Catalog(header_comment=old.header_comment, fuzzy=False)
    new.mime_headers = old.mime_headers
    for message in found:
        if message.id:
            before = known.get(key(message))
            string = before.string if before is not None and before.id == message.id else ""
            new.add(message.id, string, locations=message.locations, context=message.context)
    return new


def problems(catalogue: Catalog, found: Catalog) -> list[str]:
    """Why a catalogue is not complete, one sentence a problem; none when it is."""
    known, wanted = keyed(catalogue), keyed(found)
    said = [f"not in the catalogue: {one[1]!r}" for one in wanted if one not in known]
    said += [f"no longer in the source: {one[1]!r}" for one in known if one not in wanted]
    for one, message in known.items():
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        if message.fuzzy:
            said.append(f"fuzzy: {one[1]!r}")
        if not strings or not all(strings):
            said.append(f"not translated: {one[1]!r}")
        elif any(placeholders(string) != placeholders(_last(message.id)) for string in strings):
            said.append(f"other placeholders than in English: {one[1]!r}")
    return said


def _last(message_id: str | tuple[str, str]) -> str:
    return message_id if isinstance(message_id, str) else message_id[-1]


def placeholders(sentence: str) -> list[str]:
    """The places to be filled, in order of name: {wage}, %(day)s."""
    return sorted(PLACEHOLDER.findall(sentence.replace("%%", "")))


def extract() -> int:
    found = extracted()
    for path in catalogue_paths():
        new = updated(read(path), found)
        with path.open("wb") as file:
            write_po(file, new, width=110, include_lineno=False, sort_by_file=True)
        print(f"{path.relative_to(ROOT)}: {len(keyed(new))} messages")
    return check()


def check() -> int:
    found = extracted()
    wrong = [
        f"{path.relative_to(ROOT)}: {said}" for path in catalogue_paths() for said in problems(read(path), found)
    ]
    print("\n".join(wrong) or "Every message is translated.")
    return 1 if wrong else 0


def compile_all() -> int:
    for path in catalogue_paths():
        made = path.with_suffix(f".mo{os.getpid()}")  # put in place whole: others may be reading
        with made.open("wb") as file:
            write_mo(file, read(path))
        made.replace(path.with_suffix(".mo"))
    return 0


COMMANDS = {"extract": extract, "check": check, "compile": compile_all}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        sys.exit(f"usage: {sys.argv[0]} {' | '.join(COMMANDS)}")
    sys.exit(COMMANDS[sys.argv[1]]())
