"""A signed text says what was signed, or it is refused; and programs that are not ours agree."""

import json
from base64 import urlsafe_b64decode
from datetime import UTC, date, datetime, timedelta

import jwt
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519
from hypothesis import given, settings
from hypothesis import strategies as st

from lumbung.papers import checking, contents, signing
from lumbung.papers.checking import Verdict
from lumbung.papers.contents import Card, Issue, Statement

NOW = datetime(2026, 11, 29, 8, tzinfo=UTC)
OURS = signing.Keyring.of(bytes(range(32)))
OTHER = signing.Keyring.of(bytes(range(1, 33)))
ISSUE = Issue("AbCdEfGhIjKlMn_-", "https://dana.contoh.test", NOW)
CARD = Card(ISSUE, "Sari Uji", ("9012",), date(2026, 11, 29), ("JHT", "JP"), NOW + timedelta(days=365))
STATEMENT = Statement(ISSUE, "Sari Uji", ("9012", "0001"), date(2026, 1, 1), date(2026, 10, 31), 0, 12_345_678)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."


def verdict(text: str, keys: signing.Keyring = OURS, now: datetime = NOW) -> Verdict:
    return checking.check(text, keys.public, now=now).verdict


@pytest.mark.parametrize("paper", [CARD, STATEMENT])
def test_what_was_signed_is_read_again(paper: contents.Contents):
    checked = checking.check(OURS.sign(paper.payload()), OURS.public, now=NOW)
    assert checked == checking.Checked(Verdict.RIGHT, paper)


@pytest.mark.parametrize("paper", [CARD, STATEMENT])
def test_a_library_for_jws_agrees_with_nothing_but_the_public_key(paper: contents.Contents):
    text = OURS.sign(paper.payload())
    key = jwt.PyJWK(json.loads(json.dumps(signing.key_set(OURS.public)))["keys"][0])
    said = jwt.decode(text, key, algorithms=["EdDSA"], options={"verify_exp": False, "verify_iat": False})
    assert said == paper.payload()
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(text, jwt.PyJWK(OTHER.present.jwk), algorithms=["EdDSA"])


def test_plain_ed25519_agrees_too():
    text = OURS.sign(CARD.payload())
    said, _, signature = text.rpartition(".")
    raw = urlsafe_b64decode(OURS.present.jwk["x"] + "=")
    ed25519.Ed25519PublicKey.from_public_bytes(raw).verify(urlsafe_b64decode(signature + "=="), said.encode())
    with pytest.raises(InvalidSignature):
        ed25519.Ed25519PublicKey.from_public_bytes(raw).verify(
            urlsafe_b64decode(signature + "=="), said[:-1].encode()
        )


@settings(max_examples=400, deadline=None)
@given(place=st.integers(0, 2000), letter=st.sampled_from(LETTERS))
def test_no_letter_can_be_another(place: int, letter: str):
    text = OURS.sign(CARD.payload())
    place %= len(text)
    changed = text[:place] + letter + text[place + 1 :]
    found = checking.check(changed, OURS.public, now=NOW)
    if changed == text:
        assert found.verdict == Verdict.RIGHT
    else:
        assert found.verdict in {Verdict.ALTERED, Verdict.OTHER_KEY, Verdict.UNREADABLE}
        assert found.contents is None


def test_each_bit_of_the_signature_counts():
    """Also the four that base64's last letter has and 64 bytes do not need."""
    text = OURS.sign(CARD.payload())
    for last in LETTERS[:-1]:
        if last != text[-1]:
            assert verdict(text[:-1] + last) == Verdict.ALTERED


@settings(max_examples=300, deadline=None)
@given(
    text=st.one_of(
        st.text(max_size=300), st.binary(max_size=300).map(lambda raw: ".".join([signing.encoded(raw)] * 3))
    )
)
def test_any_other_text_is_refused_in_words(text: str):
    assert verdict(text) in {Verdict.UNREADABLE, Verdict.OTHER_KEY, Verdict.ALTERED}


@pytest.mark.parametrize(
    "text",
    ["", "..", "a.b.c", "x" * 10_000, "[" * 3000, "eyJhbGciOiJub25lIn0.e30.", "\0.\0.\0"],
)
def test_what_could_break_a_reader_is_refused(text: str):
    assert verdict(text) == Verdict.UNREADABLE


def test_a_text_that_paper_broke_into_lines_is_the_same():
    text = OURS.sign(CARD.payload())
    broken = "\r\n ".join(text[at : at + 40] for at in range(0, len(text), 40))
    assert verdict(broken) == Verdict.RIGHT
    assert signing.digest(broken) == signing.digest(text)


def test_another_funds_key_is_told_from_a_forgery():
    assert verdict(OTHER.sign(CARD.payload())) == Verdict.OTHER_KEY
    head, said, _ = OURS.sign(CARD.payload()).split(".")
    assert verdict(f"{head}.{said}.{OTHER.sign(CARD.payload()).split('.')[2]}") == Verdict.ALTERED


def test_an_older_key_still_counts_once_another_signs():
    text = OURS.sign(CARD.payload())
    later = signing.Keyring.of(bytes(range(1, 33)), [OURS.present.raw])
    assert later.present == OTHER.present
    assert verdict(text, later) == Verdict.RIGHT
    assert [key.key_id for key in signing.from_key_set(json.dumps(signing.key_set(later.public)).encode())] == [
        OTHER.present.key_id,
        OURS.present.key_id,
    ]


def test_a_card_is_over_after_its_last_day_and_a_statement_never():
    card, statement = OURS.sign(CARD.payload()), OURS.sign(STATEMENT.payload())
    assert verdict(card, now=CARD.expires_at - timedelta(seconds=1)) == Verdict.RIGHT
    assert verdict(card, now=CARD.expires_at) == Verdict.EXPIRED
    assert verdict(statement, now=NOW + timedelta(days=36_500)) == Verdict.RIGHT


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {**CARD.payload(), "doc": "pass"},
        {**CARD.payload(), "exp": "soon"},
        {**CARD.payload(), "no": 5},
        {**CARD.payload(), "iat": 10**30},
        {**STATEMENT.payload(), "to": "2026-13-01"},
    ],
)
def test_what_our_key_signed_but_is_no_paper_is_no_paper(payload: dict[str, object]):
    assert verdict(OURS.sign(payload)) == Verdict.UNREADABLE


def test_a_key_set_without_our_kind_of_key_is_refused():
    for content in (
        b"",
        b"[]",
        b'{"keys": []}',
        b'{"keys": [{"kty": "RSA"}]}',
        b'{"kty":"OKP","crv":"Ed25519","x":"AA"}',
    ):
        with pytest.raises(signing.NotSigned):
            signing.from_key_set(content)
    assert signing.from_key_set(json.dumps(OURS.present.jwk).encode()) == [OURS.present]


def test_each_verdict_has_words_of_its_own():
    assert set(checking.WORDS) == set(checking.EXIT_CODES) == set(Verdict)
    assert len({title for title, _ in checking.WORDS.values()}) == len(Verdict)
    assert len({sentence for _, sentence in checking.WORDS.values()}) == len(Verdict)


def test_names_and_amounts_stay_out_of_what_a_log_may_show():
    assert "Sari" not in repr(CARD)
    assert "9012" not in repr(CARD)
    assert "12345678" not in repr(STATEMENT)
    assert bytes(range(32)).hex() not in repr(OURS)
