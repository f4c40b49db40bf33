"""What `lumbung law` tells in Indonesian: every parameter and every step of an explanation."""

import json
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from click.testing import CliRunner, Result

import lumbung
from lumbung.cli.law import command, language
from lumbung.errors import unchanged
from lumbung.law.derivation import OPERATIONS, WORDS, Step, given, written
from lumbung.law.errors import NotYetInForce, Unknown
from lumbung.law.parameter import CONFIDENCES, Parameter, parameter, parameters
from lumbung.law.terms import TERMS

CATALOGUE = Path(lumbung.__file__).parent / "locale" / "id" / "LC_MESSAGES" / "django.po"
# The same word in both languages.
ALIKE = {"rupiah"}


@pytest.fixture(scope="module")
def indonesian() -> dict[str, str]:
    with CATALOGUE.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale="id") if message.id}


@pytest.mark.parametrize("each", parameters().values(), ids=lambda each: each.name)
def test_every_parameter_has_a_label_and_a_unit_in_indonesian(each: Parameter, indonesian: dict[str, str]) -> None:
    for words in (each.label, each.unit):
        assert indonesian.get(words), f"{words!r} is not in the catalogue: run tools/messages.py extract"
        assert (indonesian[words] != words) == (words not in ALIKE)


ENGLISH = re.compile(
    r"\b(the|of|and|from|with|in|as|by|for|was|found|art|annex|letter|is|its|not|which|who|also|other|one|law|day)\b",
    re.IGNORECASE,
)


def test_every_source_is_told_in_indonesian(indonesian: dict[str, str]) -> None:
    titles = {value.source.title for each in parameters().values() for value in each.values}
    assert len(titles) > 100
    assert {title: indonesian[title] for title in titles if ENGLISH.search(indonesian[title])} == {}
    assert all(indonesian[words] != words for words in CONFIDENCES.values())
    assert all(indonesian[words] != words for words in TERMS.values())


def test_no_two_parameters_have_the_same_label(indonesian: dict[str, str]) -> None:
    labels = [indonesian[each.label] for each in parameters().values()]
    assert len(set(labels)) == len(labels)


def test_every_operation_and_every_word_is_told_in_indonesian(indonesian: dict[str, str]) -> None:
    for words in [*(operation.words for operation in OPERATIONS.values()), *WORDS.values()]:
        assert indonesian[words] != words


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


def test_explain_speaks_indonesian() -> None:
    asked = ("explain", "late_fine", "segment=PU", "month=2025-04", "owed=1000000", "paid_on=2025-06-02")
    told = run(*asked, "--language", "id")
    assert told.exit_code == 0
    assert "Denda: Rp 20.000" in told.output
    assert "Denda atas iuran penerima upah yang terlambat, ditanggung pemberi kerja: 2 %" in told.output
    assert "Fine" not in told.output
    assert "Fine: Rp 20,000" in run(*asked).output
    (step,) = [json.loads(run(*asked, "--json", "--language", "id").output)["derivation"]]
    assert (step["name"], step["label"], step["value"]) == ("fine", "Denda", 20_000)
    assert "<span>Denda</span>" in run(*asked, "--html", "--language", "id").output


def test_parameters_are_listed_in_indonesian() -> None:
    told = run("parameters", "pension_wage_cap", "--language", "id").output
    label = "Upah sebulan paling tinggi yang dihitung untuk program pensiun (JP)"
    assert told.startswith(f"pension_wage_cap: {label} (rupiah per bulan)\n")
    assert "  sejak 2026-03-01  11086300  " in told
    assert "  sejak 2027-03-01  belum diketahui  " in told
    (data,) = json.loads(run("parameters", "pension_age", "--json", "--language", "id").output)
    assert (data["label"], data["unit"]) == ("Usia mulai pensiun (JP)", "tahun")
    assert "  from 2027-03-01  unknown  " in run("parameters", "pension_wage_cap").output


@pytest.mark.parametrize("day", ["2015-06-30", "2027-03-01"])
def test_a_refusal_names_the_parameter_in_indonesian(day: str) -> None:
    label = "Upah sebulan paling tinggi yang dihitung untuk program pensiun (JP)"
    told = run("explain", "pension_wage_cap", f"day={day}", "--language", "id")
    assert (told.exit_code, label in told.output, "Highest" in told.output) == (2, True, False)
    told = run("explain", "pension_wage_cap", f"day={day}", "--language", "id", "--json")
    assert label in json.loads(told.output)["message"]


def test_a_refusal_says_its_subject_in_the_language_asked_for() -> None:
    cap = parameter("pension_wage_cap")
    for refusal in (NotYetInForce, Unknown):
        said = refusal(subject=cap.label, start=cap.values[0].start, day=cap.values[0].start)
        assert cap.label in str(said)
        assert cap.label not in said.say(language.translator("id"))


def test_a_word_is_told_as_people_say_it() -> None:
    kind: Step = given("kind", "How it is paid", "lump_sum", "words")
    assert written(kind) == "in one sum"
    assert written(kind, language.translator("id")) == "sekaligus"
    assert written(given("segment", "Segment", "BPU", "words")) == "BPU"


def test_english_needs_no_catalogue_and_a_missing_one_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(language, "LOCALES", tmp_path)
    assert language.translator("en") is unchanged
    told = run("explain", "death", "day=2025-01-01", "--language", "id")
    assert (told.exit_code, "make setup" in told.output) == (1, True)
    assert run("explain", "death", "day=2025-01-01", "--language", "de").exit_code == 2
