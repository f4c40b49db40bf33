"""The parameters: each value dated, sourced and sure enough; and the reader that refuses anything else."""

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import pytest
import yaml

from lumbung.law import last_known_month, version
from lumbung.law import parameter as parameter_module
from lumbung.law.errors import NotYetInForce, Unknown
from lumbung.law.exact_yaml import read
from lumbung.law.month import Month
from lumbung.law.parameter import CONFIDENCES, Parameter, parameter, parameters, parse

GOOD = "label: L\nunit: U\nvalues:\n- {from: 2020-01-01, value: 1.50, source: {title: T}}\n"


@pytest.mark.parametrize("each", parameters().values(), ids=lambda each: each.name)
def test_every_value_has_a_start_a_source_and_no_weak_confidence(each: Parameter) -> None:
    assert each.label
    assert each.unit
    starts = [value.start for value in each.values]
    assert starts == sorted(set(starts))
    for value in each.values:
        assert value.source.title
        assert value.source.confidence in {"sourced", "K-high", "K-med"}
        assert value.source.url is None or value.source.url.startswith("https://")


def test_no_weak_confidence_can_be_shipped() -> None:
    assert "K-low" not in CONFIDENCES
    with pytest.raises(ValueError, match="confidence"):
        parse("p", GOOD.replace("title: T", "title: T, confidence: K-low").encode())


def test_each_value_holds_from_its_start_to_the_day_before_the_next() -> None:
    for each in parameters().values():
        for before, after in zip(each.values, each.values[1:], strict=False):
            last_day = date.fromordinal(after.start.toordinal() - 1)
            if before.content is None:
                with pytest.raises(Unknown):
                    each.at(last_day)
            else:
                assert each.at(before.start) == each.at(last_day) == before


def test_before_the_first_value_nothing_is_in_force() -> None:
    for each in parameters().values():
        with pytest.raises(NotYetInForce) as refused:
            each.at(date.fromordinal(each.values[0].start.toordinal() - 1))
        assert refused.value.code == "not_yet_in_force"


def test_an_unknown_value_is_refused_and_named() -> None:
    cap = parameter("pension_wage_cap")
    assert cap.unknown_from() == date(2027, 3, 1)
    assert cap.latest().whole() == 11_086_300
    with pytest.raises(Unknown, match="2027-03-01"):
        cap.at(date(2027, 3, 1))


def test_the_law_is_known_up_to_the_month_before_the_next_cap() -> None:
    assert last_known_month() == Month(2027, 2)


def test_decimals_are_exact() -> None:
    assert parse("p", GOOD.encode()).values[0].content == Decimal("1.50")
    assert parameter("jkk_rate").at(date(2020, 1, 1)).share("II") == Fraction(54, 10000)


def test_the_version_is_a_digest_of_the_parameters() -> None:
    assert len(version()) == 16
    assert int(version(), 16) >= 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: T", "title: ''"),
        (", source: {title: T}", ""),
        ("source: {title: T}", "source: {title: T, page: 3}"),
        ("from: 2020-01-01", "from: 2020-01"),
        ("label: L", "label: L\nextra: 1"),
        ("unit: U\n", ""),
        ("values:", "values: []\nx:"),
        ("source: {title: T}}", "source: {title: T}}\n- {from: 2019-01-01, value: 2, source: {title: T}}"),
        ("source: {title: T}}", "source: {title: T}, to: 2021-01-01}"),
    ],
)
def test_a_parameter_that_breaks_the_form_is_not_read(old: str, new: str) -> None:
    with pytest.raises(ValueError, match=r"^p: "):
        parse("p", GOOD.replace(old, new).encode())


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1.5", Decimal("1.5")),
        ("3.70", Decimal("3.70")),
        ("-0.1", Decimal("-0.1")),
        ("1_000_000", 1_000_000),
        ("2025-04", "2025-04"),
        ("2025-04-01", "2025-04-01"),
        ("010", "010"),
        ("1:30", "1:30"),
        ("0x10", "0x10"),
        ("1e6", "1e6"),
        ("1.0e+6", Decimal("1.0e+6")),
        (".5", Decimal("0.5")),
        ("9" * 40, int("9" * 40)),
        ("9" * 41, "9" * 41),
        ("1." + "5" * 38, Decimal("1." + "5" * 38)),
        ("1." + "5" * 39, "1." + "5" * 39),
        ("1__000", 1000),
        ("1__000.5", Decimal("1000.5")),
        ("true", True),
        ("~", None),
    ],
)
def test_yaml_changes_no_value_in_silence(text: str, meant: object) -> None:
    found = read(text.encode())
    assert found == meant
    assert type(found) is type(meant)
    assert not isinstance(found, float)


@pytest.mark.parametrize("text", [".nan", ".inf", "-.inf"])
def test_yaml_numbers_that_are_none_stay_decimals(text: str) -> None:
    assert not read(text.encode()).is_finite()


@pytest.mark.parametrize(
    "text",
    [
        b"{a: 1, a: 2}",
        b"[" * 100_000,
        b"[" * 100 + b"]" * 100,
        b"&a {b: *a}",
        b"- !!python/object/apply:os.getcwd []",
        b"!!int abc",
        b"!!float abc",
        b"!!bool abc",
        b"!!timestamp abc",
        b"\xff\xfe\x00",
        b"\x80",
        b"--- 1\n--- 2",
        b"a: b: c",
    ],
)
def test_what_is_no_plain_yaml_is_a_yaml_error(text: bytes) -> None:
    with pytest.raises(yaml.YAMLError):
        read(text)


def test_the_assumptions_of_a_projection_are_three_sets_of_the_same_rates() -> None:
    sets = parameter("projection_assumptions").at(date(2015, 7, 1)).content
    assert list(sets) == ["low", "middle", "high"]
    for name in ("wage_growth", "economic_growth", "development"):
        assert sets["low"][name] < sets["middle"][name] < sets["high"][name]
    assert sets["low"]["inflation"] > sets["middle"]["inflation"] > sets["high"]["inflation"]
    with pytest.raises(NotYetInForce):
        parameter("projection_assumptions").at(date(2015, 6, 30))


@pytest.mark.parametrize("name", ["economic_growth", "inflation"])
def test_growth_and_inflation_are_known_for_each_year_from_2015_to_2025(name: str) -> None:
    table = parameter(name)
    assert [value.start for value in table.values] == [date(year, 1, 1) for year in range(2015, 2027)]
    assert table.unknown_from() == date(2026, 1, 1)
    assert table.at(date(2025, 12, 31)) == table.latest()
    with pytest.raises(Unknown):
        table.at(date(2026, 1, 1))
    with pytest.raises(NotYetInForce):
        table.at(date(2014, 12, 31))


def test_a_key_that_stands_twice_is_told_with_its_place() -> None:
    with pytest.raises(yaml.YAMLError, match=r"(?s)the key 'a' stands there twice.*line 2, column 4"):
        read(b"- 1\n- {a: 1, a: 2}\n".replace(b"- {", b"-  {"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("unit: U\n", "", "p: a mapping of ['label', 'unit', 'values'] was expected"),
        ("value: 1.50, ", "", "p: a mapping of ['from', 'source', 'value'] was expected"),
        ("{title: T}", "{url: x}", "p: a mapping of ['title'] was expected"),
        ("{title: T}", "{title: ''}", "p: every value needs a source, of a confidence that may be shipped"),
        ("2020-01-01", "2020-1-1", "p: a start is a day"),
        ("\n- {", "\n- {from: 2020-01-01, value: 1, source: {title: T}}\n- {",
         "p: the values must start one after the other"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_parameter_is_told(old: str, new: str, told: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(told)}$"):
        parse("p", GOOD.replace(old, new).encode())


def test_a_source_is_sure_unless_it_says_otherwise_and_may_have_an_address() -> None:
    (value,) = parse("p", GOOD.encode()).values
    assert (value.source.title, value.source.url, value.source.confidence) == ("T", None, "sourced")
    more = GOOD.replace("{title: T}", "{title: T, url: 'https://example.org', confidence: K-med}")
    (value,) = parse("p", more.encode()).values
    assert (value.source.url, value.source.confidence) == ("https://example.org", "K-med")
    (unknown,) = parse("p", GOOD.replace("1.50", "unknown").encode()).values
    assert unknown.content is None


def test_the_version_counts_names_and_contents_but_no_carriage_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def digest(content: bytes) -> str:
        path = tmp_path / "cap.yaml"
        path.write_bytes(content)
        monkeypatch.setattr(parameter_module, "_files", lambda: [path])
        return version.__wrapped__()

    assert digest(b"a\nb\n") == digest(b"a\r\nb\r\n") == sha256(b"cap.yaml 4\na\nb\n").hexdigest()[:16]
    assert digest(b"a\nc\n") != digest(b"a\nb\n")


def test_a_value_that_is_no_number_is_no_share_and_no_whole() -> None:
    table = parse("p", GOOD.replace("1.50", "{a: 2.50, b: words}").encode()).values[0]
    assert table.share("a") == Fraction(1, 40)
    with pytest.raises(AssertionError, match="'words' is no percentage"):
        table.share("b")
    with pytest.raises(AssertionError, match="'words' is not whole"):
        table.whole("b")


def test_a_parameter_says_what_it_is_and_what_it_counts() -> None:
    read_one = parse("p", GOOD.encode())
    assert (read_one.name, read_one.label, read_one.unit) == ("p", "L", "U")


def test_a_document_may_be_sixty_levels_deep_wherever_its_lists_end() -> None:
    read(b"[" * 60 + b"]" * 60)
    read(b"{a: " * 60 + b"1" + b"}" * 60)
    read(b"[" + b"[]," * 200 + b"]")
    for deep in (b"[" * 61 + b"]" * 61, b"[" * 50 + b"[]," + b"[" * 11 + b"]" * 61):
        with pytest.raises(yaml.YAMLError, match=r"^nested more than 60 levels deep$"):
            read(deep)
        read(deep, trusted=True)


def test_a_tag_that_does_not_fit_is_told() -> None:
    with pytest.raises(yaml.YAMLError, match=r"^an explicit tag does not fit what it stands before$"):
        read(b"!!int abc")
