"""What makes a password too weak, whatever it is dressed up as, and what never does."""

import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung.accounts.passwords import breached, policy
from lumbung.accounts.passwords.policy import Personal

SARI = Personal(
    names=("Siti Nurhaliza binti Ali",),
    birth_date=date(1990, 8, 7),
    usernames=("sari.melati",),
    emails=("kenanga77@contoh.id",),
    phones=("+6281298765432",),
    numbers=("3171014708900001", "10000000001"),
    firms=("PT Contoh Tenun Nusantara",),
)
COMMON = {"password", "indonesia", "sepakbola", "iloveyou"}
GOOD = [
    "padi jagung sagu kelapa",
    "kuda lumping naik sepeda",
    "Ωmega-lampu-tidur-siang",
    "sembilan🦆berenang🦆pelan",
]


def codes(
    password: str, *, least: int = 15, personal: Personal = SARI, stolen: frozenset[str] = frozenset()
) -> set[str]:
    found = policy.reasons(
        password, least=least, personal=personal, is_common=COMMON.__contains__, is_breached=stolen.__contains__
    )
    return {each.code for each in found}


@pytest.mark.parametrize("password", GOOD)
def test_words_that_have_nothing_to_do_with_the_person_are_good(password: str):
    assert codes(password) == set()


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("kuda naik sepeda", None),
        ("kuda naik seped", None),
        ("kuda naik sepe", "password_too_short"),
        ("x" * 12 + "kuda naik" * 13, "password_too_long"),
        ("indonesia123456", "password_too_common"),
        ("123456indonesia!!", "password_too_common"),
        ("1ndon3si@1234567", "password_too_common"),
        ("i-n-d-o-n-e-s-i-a", "password_too_common"),
        ("sepakbolasepakbola", "password_too_common"),
        ("aaaaaaaaaaaaaaa", "password_pattern"),
        ("abcabcabcabcabcab", "password_pattern"),
        ("123456789012345678", "password_pattern"),
        ("zyxwvutsrqponmlkj", "password_pattern"),
        ("qwertyuiopasdfgh", "password_pattern"),
        ("tumbuh nurhaliza bunga", "password_has_name"),
        ("tumbuh NuRh@L1za bunga", "password_has_name"),
        ("tumbuh ali di kebun", "password_has_name"),
        ("tumbuh kaliurang jauh", None),
        ("pagi 07-08-1990 cerah", "password_has_birth_date"),
        ("pagi 1990/08/07 cerah", "password_has_birth_date"),
        ("pagi 7 Agustus 1990 cerah", "password_has_birth_date"),
        ("pagi cerah 7aug90 kopi", "password_has_birth_date"),
        ("pagi cerah 070890 kopi", "password_has_birth_date"),
        ("pagi cerah tahun 1990", None),
        ("sari.melati berbunga", "password_has_username"),
        ("S4ri Mel4ti berbunga", "password_has_username"),
        ("bunga kenanga77 harum", "password_has_email"),
        ("telepon 0812-9876-5432", "password_has_phone"),
        ("bunga 876543 di taman", "password_has_phone"),
        ("bunga 317101 di taman", "password_has_number"),
        ("bunga di taman 3171", None),
        ("contoh tenun nusantara 9", "password_has_firm"),
        ("kain tenun nusantara biru", None),
        ("saldo bpjs saya besar", "password_has_fund"),
        ("L-u-m-b-u-n-g padi kita", "password_has_fund"),
    ],
)
def test_each_weakness_is_told(password: str, code: str | None):
    assert codes(password) == (set() if code is None else {code})


def test_every_reason_has_a_sentence_with_its_numbers():
    found = policy.reasons("ali", least=15, personal=SARI, is_common=bool, is_breached=bool)
    assert len(found) > 3
    for each in found:
        assert policy.SENTENCES[each.code] % each.facts


def test_all_reasons_are_told_at_once():
    assert codes("lumbung7890", stolen=frozenset({"lumbung7890"})) == {
        "password_too_short", "password_breached", "password_has_fund",
    }  # fmt: skip
    assert codes("sari melati", least=8) == {"password_has_username"}


@given(st.text(max_size=140), st.integers(8, 15))
def test_length_is_counted_in_the_one_form_and_nothing_is_asked_of_characters(password: str, least: int):
    length = len(unicodedata.normalize("NFKC", password))
    found = codes(password, least=least)
    assert ("password_too_short" in found) == (length < least)
    assert ("password_too_long" in found) == (length > policy.MOST)


@given(st.text(max_size=60))
def test_one_password_is_one_however_the_keyboard_writes_it(password: str):
    wide = unicodedata.normalize("NFD", password)
    assert policy.normal(policy.normal(password)) == policy.normal(password)
    assert policy.normal(wide) == policy.normal(password)
    assert codes(wide) == codes(password)


WORDS = st.lists(
    st.sampled_from(["kuda", "sepeda", "jendela", "hujan", "batu", "meja", "gunung"]),
    min_size=4,
    max_size=6,
    unique=True,
)


@given(
    WORDS,
    st.sampled_from(["nurhaliza", "sari.melati", "kenanga77", "lumbung", "7 agustus 1990", "81298765432"]),
    st.data(),
)
def test_what_is_known_of_the_person_is_found_wherever_it_stands(
    words: list[str], known: str, data: st.DataObject
):
    assert codes(" ".join(words)) == set()
    at = data.draw(st.integers(0, len(words)))
    dressed = data.draw(st.sampled_from([known, known.upper(), known.title(), "-".join(known), f"!{known}."]))
    assert codes(" ".join([*words[:at], dressed, *words[at:]])) & {
        "password_has_name", "password_has_username", "password_has_email", "password_has_fund",
        "password_has_birth_date", "password_has_phone",
    }  # fmt: skip


@given(st.dates(date(1930, 1, 1), date(2015, 12, 31)))
def test_a_birth_date_is_found_in_every_spelling(born: date):
    person = Personal(birth_date=born)
    for spelled in (
        f"{born:%d%m%Y}", f"{born:%d-%m-%Y}", f"{born.day}/{born.month}/{born.year}", f"{born:%Y%m%d}",
        f"{born:%d%m%y}", f"{born:%y%m%d}", f"{born.day} {born:%B} {born.year}",
        f"{born:%b}{born.day:02}{born:%Y}",
    ):  # fmt: skip
        if len(policy.squeezed(spelled)) >= policy.DIGITS_IN_A_ROW:
            assert "password_has_birth_date" in codes(f"kopi {spelled} hangat", personal=person), spelled


def test_what_is_known_of_a_person_is_in_no_repr():
    assert "Nurhaliza" not in repr(SARI)
    assert "1990" not in repr(SARI)


# The file of stolen passwords


def written(folder: Path, lines: list[bytes]) -> Path:
    path = folder / "stolen.txt"
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


@pytest.mark.parametrize("shape", ["whole", "counted", "beginnings", "small letters", "plain"])
def test_a_stolen_password_is_found_by_halving(shape: str, tmp_path: Path):
    import hashlib

    stolen = [f"stolen password {n}" for n in range(1000)]
    hashes = [hashlib.sha1(each.encode()).hexdigest().upper() for each in stolen]
    lines = {
        "whole": hashes,
        "counted": [f"{each}:{n}" for n, each in enumerate(hashes)],
        "beginnings": [each[:16] for each in hashes],
        "small letters": [each.lower() for each in hashes],
        "plain": stolen,
    }[shape]
    path = written(tmp_path, sorted(line.encode() for line in lines))
    assert all(breached.is_breached(each, path) for each in stolen)
    assert not any(breached.is_breached(f"another {n}", path) for n in range(200))
    assert not breached.is_breached("", path)
    assert breached.is_breached("Stolen Password 7", path) == (shape == "plain")


@given(
    st.sets(st.text(alphabet="abcé🦆 ", min_size=1, max_size=12), max_size=30),
    st.text(alphabet="abcé🦆 ", min_size=1, max_size=12),
)
def test_any_sorted_list_is_searched_rightly(
    tmp_path_factory: pytest.TempPathFactory, listed: set[str], asked: str
):
    path = written(tmp_path_factory.mktemp("listed"), sorted(each.encode() for each in listed))
    assert breached.is_breached(asked, path) == (asked in listed)


def test_an_empty_file_lists_nothing_and_a_missing_one_is_an_error(tmp_path: Path):
    assert not breached.is_breached("anything", written(tmp_path, []))
    with pytest.raises(FileNotFoundError):
        breached.is_breached("anything", tmp_path / "gone")
