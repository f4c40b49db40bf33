"""Every sentence is in the Indonesian catalogue, translated, and asks for the same values as the English one."""

import importlib.util
import re
from io import BytesIO
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", ROOT / "tools" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


messages = _tool()


@pytest.fixture(scope="module")
def found() -> Catalog:
    return messages.extracted()


def test_there_is_an_indonesian_catalogue():
    assert [path.parent.parent.name for path in messages.catalogue_paths()] == ["id"]


def test_the_catalogue_is_complete_and_up_to_date(found: Catalog):
    for path in messages.catalogue_paths():
        assert messages.problems(messages.read(path), found) == [], "run tools/messages.py extract"


def test_sentences_of_code_and_of_templates_are_found(found: Catalog):
    known = messages.keyed(found)
    assert (None, "This can't be done.") in known  # errors.py, by marked()
    assert (None, "My balance") in known  # a template
    assert (None, "%(months)s month of %(needed)s paid") in known  # a template's plural
    assert len(known) > 150


def test_what_a_template_says_is_found_however_it_is_said(tmp_path: Path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "a.html").write_text(
        """{% load i18n %}
        <p title="{% translate 'It’s “quoted”' %}">{% if a > 5 %}{{ _("Piped")|lower }}{% endif %} 08 f'x </p>
            {% blocktranslate trimmed count n=n %}
                one {{ thing }}
            {% plural %}
                {{ n }} {{ thing }}s
            {% endblocktranslate %}
        {% include "x" with label=_("Label") %}{% translate "May" context "month" %}"""
    )
    (tmp_path / "b.py").write_text('x = marked("long "\n  "sentence {a}")\ny = gettext(not_a_string)\n')
    known = messages.keyed(messages.extracted(tmp_path))
    assert set(known) == {
        (None, "It’s “quoted”"),
        (None, "Piped"),
        (None, "one %(thing)s"),
        (None, "Label"),
        ("month", "May"),
        (None, "long sentence {a}"),
    }
    assert known[None, "one %(thing)s"].id == ("one %(thing)s", "%(n)s %(thing)ss")


HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=1; plural=0;\\n"\n\n'


@pytest.mark.parametrize(
    ("catalogue", "said"),
    [
        ("", "not in the catalogue: 'Pay {amount}'"),
        ('msgid "Pay {amount}"\nmsgstr ""', "not translated"),
        ('#, fuzzy\nmsgid "Pay {amount}"\nmsgstr "Bayar {amount}"', "fuzzy"),
        ('msgid "Pay {amount}"\nmsgstr "Bayar {jumlah}"', "other placeholders"),
        ('msgid "Pay {amount}"\nmsgstr "Bayar"', "other placeholders"),
        ('msgid "Pay {amount}"\nmsgstr "Bayar {amount}"\n\nmsgid "Old"\nmsgstr "Lama"', "no longer in the source"),
    ],
)
def test_each_fault_of_a_catalogue_is_named(catalogue: str, said: str):
    wanted = Catalog()
    wanted.add("Pay {amount}")
    found = messages.problems(read_po(BytesIO((HEADER + catalogue).encode()), locale="id"), wanted)
    assert len(found) == 1
    assert found[0].startswith(said)


def test_bringing_up_to_date_keeps_drops_and_guesses_nothing():
    old = read_po(
        BytesIO((HEADER + 'msgid "Kept"\nmsgstr "Tetap"\n\nmsgid "Gone"\nmsgstr "Hilang"').encode()), locale="id"
    )
    wanted = Catalog()
    wanted.add("Kept")
    wanted.add("Kept too")
    new = messages.keyed(messages.updated(old, wanted))
    assert {key: message.string for key, message in new.items()} == {
        (None, "Kept"): "Tetap",
        (None, "Kept too"): "",
    }
    assert messages.updated(old, wanted).num_plurals == 1


def test_running_it_compiles_what_django_reads():
    messages.compile_all()
    for path in messages.catalogue_paths():
        assert path.with_suffix(".mo").stat().st_size > 1000


GLOSSARY = ROOT / "docs" / "design" / "words.md"
# Said of bank cards and of a phone's lock, which are not ours.
SAID_OF_OTHERS = {"PIN"}


def other_words(page: str) -> set[str]:
    """The words that the glossary says are not ours, of the rows about getting in."""
    rows = page[page.index("| log in, log out |") : page.index("| balance |")].splitlines()
    named = [re.search(r"\bnot ((?:\*[^*]+\*(?:, )?)+)", row) for row in rows]
    return {word for found in named if found for word in re.findall(r"\*([^*]+)\*", found[1])} - SAID_OF_OTHERS


def test_one_thing_has_one_word_in_indonesian():
    unwanted = other_words(GLOSSARY.read_text())
    assert {"konfirmasi", "verifikasi", "login", "OTP"} <= unwanted
    seen = re.compile(rf"(?<![\w(])\w{{0,3}}({'|'.join(map(re.escape, sorted(unwanted)))})", re.IGNORECASE)
    for path in messages.catalogue_paths():
        for message in messages.read(path):
            said = " ".join([message.string] if isinstance(message.string, str) else message.string)
            found = seen.search(messages.PLACEHOLDER.sub("", said))
            assert not (message.id and found), (found, said)
