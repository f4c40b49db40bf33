"""Reading a text's words: every mixture of case, blanks and `#` comes to the same command."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumbung.sms.commands import (
    WORDS,
    Ask,
    Help,
    Letters,
    Malformed,
    Register,
    Unknown,
    What,
    normalise,
    parse,
    word,
)

GUIDE = Register("123456789012", date(1990, 1, 1), "3171010101010001")
separators = st.text(" #\t\n\u00a0", min_size=1, max_size=4)
paddings = st.text(" #\t\r\n\u200b", max_size=3)
digits = st.characters(min_codepoint=ord("0"), max_codepoint=ord("9"))
numbers = st.text(digits, min_size=10, max_size=12)
niks = st.text(digits, min_size=16, max_size=16)
births = st.dates(date(1900, 1, 1), date(2026, 12, 31))
names = st.lists(st.sampled_from(["ADI", "sunaryo", "Siti", "nur'aini", "M.", "O'Neil"]), max_size=3).map(" ".join)
# What asks for a person's record, and so may carry a member number.
ASKING = sorted(
    one for one, (what, _) in WORDS.items() if what not in {What.REGISTER, What.HELP, What.STOP, What.START}
)
emails = st.sampled_from(["", "budi@contoh.id", "1234567890@contoh.id", "a.b-c_1990@contoh.co.id"])


@st.composite
def any_case(draw: st.DrawFn, word: str) -> str:
    return "".join(letter.lower() if draw(st.booleans()) else letter for letter in word)


@settings(deadline=None)  # a busy machine says nothing about the parser
@given(st.data(), st.sampled_from(ASKING), paddings, separators, paddings, numbers)
def test_every_word_in_any_mixture(
    data: st.DataObject, one: str, before: str, between: str, after: str, number: str
) -> None:
    typed = data.draw(any_case(one))
    what, language = WORDS[one]
    assert parse(before + typed + between + number + after) == Ask(what, number, language)
    assert parse(before + typed + number) == Ask(what, number, language)
    assert parse(before + typed + between + f"{number[:4]} {number[4:8]}-{number[8:]}") == Ask(
        what, number, language
    )
    assert parse(before + typed + between + after) == Ask(what, None, language)


@settings(deadline=None)
@given(st.data(), st.sampled_from(["BANTUAN", "HELP"]), st.sampled_from(sorted(WORDS)), separators)
def test_help_about_a_word_in_any_mixture(data: st.DataObject, one: str, topic: str, between: str) -> None:
    typed = data.draw(any_case(one)) + between + data.draw(any_case(topic))
    assert parse(typed) == Help(WORDS[topic][0], WORDS[one][1])
    assert parse(one) == Help(None, WORDS[one][1])


@settings(deadline=None)
@given(st.data(), st.sampled_from(["BERHENTI", "STOP", "MULAI", "START"]), paddings, paddings)
def test_stopping_and_starting_in_any_mixture(data: st.DataObject, one: str, before: str, after: str) -> None:
    what, language = WORDS[one]
    assert parse(before + data.draw(any_case(one)) + after) == Letters(what is What.START, language)
    assert parse(f"{one} KERJA BULAN LALU") == Unknown(), "who left his work asks something else"


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("SALDO SAYA", Ask(What.BALANCE, None, "id")),
        ("saldo saya 1234 5678 9012", Ask(What.BALANCE, "123456789012", "id")),
        ("kunci akun saya", Ask(What.LOCK, None, "id")),
        ("Status", Ask(What.STATUS, None, None)),
        ("bantuan apa saja", Help(None, "id")),
        ("REGISTER BALANCE#3171010101010001#01-01-1990#123456789012",
         Register("123456789012", date(1990, 1, 1), "3171010101010001", "en")),
        ("DAFTARSALDO#3171010101010001#01-01-1990#123456789012",
         Register("123456789012", date(1990, 1, 1), "3171010101010001")),
        ("cek saldo", Ask(What.BALANCE, None, "id")),
        ("Halo, mau cek saldo 123456789012 dong", Ask(What.BALANCE, "123456789012", "id")),
        ("check my balance please", Ask(What.BALANCE, None, "en")),
        ("Info bantuan iuran", Help(What.CONTRIBUTIONS, "id")),
        ("mau daftar 123456789012 01-01-1990 3171010101010001", GUIDE),
        ("😀 *saldo*123456789012#", Ask(What.BALANCE, "123456789012", "id")),
        ("SALDO KPJ123456789012", Ask(What.BALANCE, "123456789012", "id")),
        ("saldo=123456789012", Ask(What.BALANCE, "123456789012", "id")),
        ("SALDO/123456789012", Ask(What.BALANCE, "123456789012", "id")),
        ("Saldo 123456789012 bulan 10?", Ask(What.BALANCE, "123456789012", "id")),
        ("saldo 1234567890 12", Ask(What.BALANCE, "123456789012", "id")),
        ("unreg", Letters(wanted=False, language="id")),
    ],
)  # fmt: skip
def test_words_around_a_command_say_nothing(text: str, command: object) -> None:
    assert parse(text) == command


@pytest.mark.parametrize("text", ["mau berhenti", "tanya kunci 123456789012", "please stop", "saya mulai kerja"])
def test_what_changes_something_is_the_first_word(text: str) -> None:
    assert parse(text) == Unknown()


def test_a_fourth_opening_is_a_sentence_and_no_command() -> None:
    assert parse("halo mau cek saldo") == Ask(What.BALANCE, None, "id")
    assert parse("halo saya mau cek saldo") == Unknown()


def test_each_thing_has_a_word_in_each_language() -> None:
    for what in What:
        for language in ("id", "en"):
            assert WORDS[word(what, language)][0] is what


@settings(deadline=None)
@given(st.data(), any_case("DAFTAR"), numbers, births, niks, st.sampled_from("-_/."))
def test_register_in_any_mixture(
    data: st.DataObject, word: str, number: str, born: date, nik: str, dash: str
) -> None:
    day = born.strftime(f"%d{dash}%m{dash}%Y") if born.year >= 1000 else ""
    fields = [word, number, day, nik]
    text = "".join(field + data.draw(separators) for field in fields)
    assert parse(data.draw(paddings) + text) == Register(number, born, nik)


@settings(deadline=None)
@given(st.data(), any_case("DAFTAR SALDO"), numbers, births, niks, names, emails)
def test_the_spellings_printed_for_2757(
    data: st.DataObject, words: str, number: str, born: date, nik: str, name: str, email: str
) -> None:
    hash_sign = data.draw(st.sampled_from(["#", " #", "# ", " # "]))
    named = [name] if name else []
    day = born.strftime("%d-%m-%Y")
    orders = ([nik, *named, day, number], [nik, day, number], [number, *named, day, nik])
    fields = [words, *data.draw(st.sampled_from(orders)), *([email] if email else [])]
    assert parse(hash_sign.join(fields)) == Register(number, born, nik)


@pytest.mark.parametrize(
    "text",
    [
        "DAFTAR 123456789012 01-01-1990 3171010101010001",
        "DAFTAR 123456789012 1-1-1990 3171010101010001",
        "DAFTAR 123456789012 01 01 1990 3171010101010001",
        "DAFTAR <123456789012> <01-01-1990> <3171010101010001>",
        "daftar 123456789012, 01-01-1990, 3171010101010001.",
        "DAFTAR123456789012#01_01_1990#3171010101010001",
        "DAFTAR １２３４５６７８９０１２ 01–01–1990 3171010101010001",
        "\ufeffDAFTAR 123456789012 - 01-01-1990 - 3171010101010001",
        "DAFTAR 123456789012 01011990 3171010101010001",
        "DAFTAR 123456789012 1 Januari 1990 3171010101010001",
        "daftar 123456789012 01-jan-1990 3171010101010001",
        "DAFTAR KPJ123456789012 Lahir 01/01/1990 NIK.3171010101010001",
        "DAFTAR No 123456789012 Tgl 01-01-1990 KTP 3171010101010001 Januar",
    ],
)
def test_the_guides_own_text_in_many_hands(text: str) -> None:
    assert parse(text) == GUIDE


def test_the_sample_that_newspapers_copied() -> None:
    text = "DAFTAR SALDO#3523418097870002#ADI SUNARYO#01-09-1987#2345678901"
    assert parse(text) == Register("2345678901", date(1987, 9, 1), "3523418097870002")


@pytest.mark.parametrize(
    "text",
    [
        "SALDO 123",
        "SALDO 1234567890123",
        "SALDO 123456789012 123456789013",
        "SALDO ١٢٣٤٥٦٧٨٩٠١٢",
        "DAFTAR",
        "DAFTAR 123456789012 3171010101010001",
        "DAFTAR 123456789012 31-02-1990 3171010101010001",
        "DAFTAR 123456789012 01-01-0000 3171010101010001",
        "DAFTAR 123456789012 123456789013 01-01-1990 3171010101010001",
        "DAFTAR 123456789012 01-01-1990 02-01-1990 3171010101010001",
        "DAFTAR 123456789012 01-01-1990 317101010101000",
        "DAFTAR 123456789012 01-01-1990 01011990 3171010101010001",
        "DAFTAR 123456789012 31 Februari 1990 3171010101010001",
        "DAFTAR 123456789012 00131990 3171010101010001",
    ],
)
def test_a_known_word_with_fields_that_cannot_be_right(text: str) -> None:
    assert isinstance(parse(text), Malformed)


@pytest.mark.parametrize("text", ["", " ", "#", "halo", "SALDONYA 123456789012", "INFO", "123456789012"])
def test_no_command_of_ours(text: str) -> None:
    assert parse(text) == Unknown()


@settings(deadline=None)
@given(st.text(max_size=300))
def test_nothing_a_phone_sends_raises(text: str) -> None:
    assert parse(text) == parse(text)
    assert normalise(normalise(text)) == normalise(text)


@settings(deadline=None)
@given(st.text("0123456789-/# SALDOFTRsaldoftr", max_size=120))
def test_what_is_understood_has_its_shape(text: str) -> None:
    command = parse(text)
    if isinstance(command, Ask | Register):
        assert command.number is None or 10 <= len(command.number) <= 12
    if isinstance(command, Register):
        assert len(command.nik) == 16


def test_a_command_never_shows_its_fields() -> None:
    assert not any(secret in f"{GUIDE!r}{parse('SALDO 123456789012')!r}" for secret in ("3171", "1234", "1990"))
