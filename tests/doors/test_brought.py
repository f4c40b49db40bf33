"""What an aggregator brings, read by names: the same facts from a query, a form or JSON, whatever the bytes."""

import json
import sys
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from hypothesis import given, settings
from hypothesis import strategies as st

from lumbung.messaging.gateways.brought import Brought, stray
from lumbung.messaging.gateways.inbound import Given
from lumbung.sms.handover import _words

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
# Whatever a phone can say; a form of browsers has no half characters and no lone carriage returns.
WORDS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r"), max_size=60)
FACTS = st.fixed_dictionaries({"from": WORDS, "message[text]": WORDS, "id": WORDS})
DATA = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc*0"), inner, max_size=4),
    max_leaves=12,
)
PATHS = st.sampled_from(["a", "a.b", "a.*.b", "*.a", "*", "a.0.b", "0.a", "", ".", "a..b", "a.-1"])


def of_json(data: Any, **more: str) -> Brought:
    return Brought.read("", more.get("kind", JSON), json.dumps(data).encode())


@settings(deadline=None, derandomize=True)
@given(FACTS)
def test_the_same_facts_from_a_query_a_form_or_json(facts: dict[str, str]) -> None:
    written = urlencode(facts)
    for brought in (
        Brought.read(written, "", b""),
        Brought.read("", FORM, written.encode()),
        Brought.read("", MULTIPART_CONTENT, encode_multipart(BOUNDARY, facts)),
        of_json(facts),
        of_json(facts, kind="text/plain"),
    ):
        assert {name: brought.value(name) for name in facts} == facts


@settings(deadline=None, derandomize=True)
@given(FACTS, st.text(max_size=40))
def test_what_a_text_says_never_becomes_another_fact(facts: dict[str, str], said: str) -> None:
    """Not even when it looks like the end of a string, or of a part, or like more of a form."""
    evil = f'{said}&from=x"&from=x\r\n--{BOUNDARY}\r\nfrom=x","from":"x'
    for brought in (
        of_json({**facts, "text": evil}),
        Brought.read("", FORM, urlencode({**facts, "t": evil}).encode()),
    ):
        assert brought.value("from") == facts["from"]


def test_of_a_query_that_was_not_encoded_the_first_counts() -> None:
    assert Brought.read("from=6281200000001&text=SALDO&from=62899", "", b"").value("from") == "6281200000001"


@settings(deadline=None, derandomize=True)
@given(
    st.text(max_size=40),
    st.sampled_from(
        [
            JSON,
            FORM,
            MULTIPART_CONTENT,
            "text/plain; charset=utf-16",
            "multipart/form-data",
            "",
            ";;=",
            f"{FORM}; charset=utf-7",
            f"{JSON}; charset=punycode",
        ]
    ),
    st.binary(max_size=200),
    PATHS,
)
def test_whatever_the_bytes_are_they_are_read_somehow(query: str, kind: str, body: bytes, path: str) -> None:
    brought = Brought.read(query, kind, body)
    for place in brought.places(path):
        assert isinstance(brought.value(path, place), str | None)
    assert brought.is_empty(apart="") or brought.whole(apart="")


@settings(deadline=None, derandomize=True)
@given(DATA, PATHS)
def test_any_path_through_any_json_comes_to_a_text_or_to_nothing(data: Any, path: str) -> None:
    brought = of_json(data)
    for place in brought.places(path):
        assert isinstance(brought.value(path, place), str | None)


def test_each_one_of_a_list() -> None:
    brought = of_json({"results": [{"from": "a", "to": [{"n": 7}]}, {"from": "b"}], "to": "c"})
    assert list(brought.places("results.*.from")) == [0, 1]
    assert [brought.value("results.*.from", place) for place in (0, 1, 2)] == ["a", "b", None]
    assert [brought.value("results.*.to.0.n", place) for place in (0, 1)] == ["7", None]
    assert [brought.value("to", place) for place in (0, 1)] == ["c", "c"]
    alone = of_json({"results": {"from": "a"}})
    assert [alone.value("results.*.from", place) for place in alone.places("results.*.from")] == ["a"]
    assert [of_json([{"from": "a"}, {"from": "b"}]).value("*.from", place) for place in (0, 1)] == ["a", "b"]
    assert list(of_json({"results": []}).places("results.*.from")) == []
    assert list(of_json({}).places("results.*.from")) == [0], "what is not there may be something else"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (b'{"id": 12345678901234567890123}', "12345678901234567890123"),
        (b'{"id": 1e400}', "1e400"),
        (b'{"id": 1.10}', "1.10"),
        (b'{"id": true}', "true"),
        (b'{"id": null}', ""),
        (b'{"id": ["a"]}', '["a"]'),
        (b'\xef\xbb\xbf{"id": "a\nb"}', "a\nb"),
        (b'{"id": "\xff"}', "\ufffd"),
        (b'{"id": ' + b"[" * 5000 + b"]" * 5000 + b"}", None),
        (b"{'id': 1}", None),
    ],
)
def test_json_as_it_is_written(written: bytes, value: str | None) -> None:
    assert Brought.read("", JSON, written).value("id") == value


def test_json_at_the_edge_of_what_is_too_deep_to_be_read_or_written() -> None:
    limit = sys.getrecursionlimit()
    for depth in range(limit - 200, limit + 1):
        brought = Brought.read("", JSON, b'{"id": ' + b"[" * depth + b"]" * depth + b"}")
        value = brought.value("id")
        assert value is None or len(value) == 2 * depth
        assert brought.whole(apart="")


def test_a_charset_that_is_declared_is_the_one_that_is_read() -> None:
    for kind in (f"{FORM}; charset=iso-8859-1", f"{JSON}; charset=latin-1"):
        body = b'{"t": "\xe9"}' if "json" in kind else b"t=%E9"
        assert Brought.read("", kind, body).value("t") == "\xe9"
    for unknown in ("no-such", "base64", "idna", '"'):
        assert Brought.read("", f"{FORM}; charset={unknown}", b"t=%C3%A9").value("t") == "\xe9", unknown


def test_a_head_that_breaks_its_reader_costs_no_text() -> None:
    """Of the whole, or of a part of it."""
    twice = "name*=utf-8''b; name*0=c"
    assert Brought.read("", f"{FORM}; {twice}", b"t=a").value("t") == "a"
    for name in (twice, "name*=none-such''b"):
        part = f"--{BOUNDARY}\r\nContent-Disposition: form-data; {name}\r\n\r\nSALDO\r\n--{BOUNDARY}--\r\n"
        brought = Brought.read("", MULTIPART_CONTENT, part.encode())
        assert "SALDO" in brought.whole(apart="")
    assert _words(b"SALDO", f"text/plain; {twice}") == "SALDO"


@pytest.mark.parametrize(
    ("query", "body", "is_empty"),
    [
        ("", b"", True),
        ("key=a", b" \n", True),
        ("", b"{}", True),
        ("key=a", b"[]", True),
        ("key=a&from=b", b"", False),
        ("", b"x", False),
        ("", b'{"results": []}', False),
    ],
)
def test_whether_anything_was_said_but_the_secret(query: str, body: bytes, is_empty: bool) -> None:
    brought = Brought.read(query, "", body)
    assert brought.is_empty(apart="key") is is_empty
    assert "key" not in brought.whole(apart="key")


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("1795372644", datetime(2026, 11, 22, 18, 37, 24, tzinfo=UTC)),
        ("1795372644000", datetime(2026, 11, 22, 18, 37, 24, tzinfo=UTC)),
        ("2026-11-23T01:37:24.000+0700", datetime(2026, 11, 22, 18, 37, 24, tzinfo=UTC)),
        ("2026-11-22T18:37:24Z", datetime(2026, 11, 22, 18, 37, 24, tzinfo=UTC)),
        ("2026-11-22 18:37:24", None),
        ("0001-01-01T00:00:00+23:00", None),
        ("9999-12-31T23:59:59-23:00", None),
        ("9" * 30, None),
        ("9" * 5000, None),
        ("-1", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_instants(written: str | None, instant: datetime | None) -> None:
    assert Given(sender="", recipient="", words="", id="", at=written, whole="").sent_at == instant


@pytest.mark.parametrize(
    ("paths", "wrong"),
    [
        ({"sender": "from", "text": "text", "id": ""}, None),
        ({"sender": "r.*.from", "text": "r.*.text", "id": "", "recipient": "to"}, None),
        ({"sender": "r.*.from", "text": "r.*.text", "id": "id"}, "sender, text, id"),
        ({"sender": "from", "text": "r.*.text", "id": ""}, "sender, text, id"),
        ({"sender": "r.*.from", "text": "s.*.text", "id": ""}, "different lists"),
        ({"sender": "r.*.*.from", "text": "r.*.text", "id": ""}, "more than one"),
        ({"sender": "r*.from", "text": "text", "id": ""}, "step of its own"),
    ],
)
def test_paths_that_would_take_several_for_one_are_known(paths: dict[str, str], wrong: str | None) -> None:
    found = stray(paths, together=["sender", "text", "id"])
    assert found == wrong or (wrong is not None and found is not None and wrong in found)
