"""Names: the same person written in two ways, and two persons. All names are invented."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumbung.registry.names import name_key, same_name

SAME = [
    ("Budi Santoso", "BUDI  SANTOSO"),
    ("Ma'ruf Hidayat", "Maruf Hidayat"),
    ("Siti-Aminah", "Siti Aminah"),
    ("José Rahman", "Jose Rahman"),
    ("Muhammad Rizki", "Moh. Rizki"),
    ("Muhammad Rizki", "Mohd Rizki"),
    ("Muhammad Rizki", "Muh. Rizki"),
    ("Muhammad Rizki", "M. Rizki"),
    ("Muhammad Rizki", "Mochamad Rizqi"),
    ("Muhammad Rizki", "Mohammad Rizky"),
    ("Muhammad Ali", "Ali"),
    ("M.Ali Akbar", "Muhammad Ali Akbar"),
    ("H. Ahmad Fauzi, S.E., M.Si", "AHMAD FAUZI"),
    ("Hj. Siti Aisyah", "siti aisyah"),
    ("Drs. Budi Santoso", "Budi Santoso"),
    ("Dr. Ir. Joko Wibowo, M.T.", "Joko Wibowo"),
    ("Siti Aminah, S. Kom.", "Siti Aminah"),
    ("Budi Santoso SE MM", "Budi Santoso"),
    ("Prof. Dr. H. Moch. Nuh", "Mohammad Nuh"),
    ("Soekarni", "Sukarni"),
    ("Djoko Soesilo", "Joko Susilo"),
    ("Tjahjono Widjaja", "Cahyono Wijaya"),
    ("Sjarifuddin", "Syarifudin"),
    ("Achmad Jani", "Ahmad Yani"),
    ("Chairul Anwar", "Khairul Anwar"),
    ("Chandra", "Candra"),
    ("Siti Fathimah", "Siti Fatimah"),
    ("Arief Novianto", "Arif Nofianto"),
    ("Nur Aini", "Nuraini"),
    ("Abdul Rahman", "Abdulrahman"),
    ("Abd. Rahman", "Abdul Rahman"),
    ("A. Fauzi", "Ahmad Fauzi"),
    ("Budi S.", "Budi Santoso"),
    ("Budi S", "Budi Santoso"),
    ("S. Budi", "Budi Santoso"),
    ("Santoso Budi", "Budi Santoso"),
    ("Ahmad H.", "Ahmad Hidayat"),
    ("Ali bin Umar Hasan", "Ali Umar Hasan"),
    ("Ahmad Rizki Pratama", "Ahmad Rizki"),
    ("Abdurrahman", "Abdul Rahman"),
    ("Abdur Rahman", "Abdulrahman"),
    ("Abdussalam", "Abd. Salam"),
    ("Fajar Nugraha", "Pajar Nugraha"),
    ("Yusuf", "Jusup"),
    ("Taufik Hidayatullah", "Taupiq Hidajatulah"),
    ("Rizki Aziz", "Riski Asis"),
    ("Syaiful Bahri", "Saeful Bahri"),
    ("Syamsul", "Sjamsoel"),
    ("Aisyah", "Aisah"),
    ("Utsman Ghani", "Usman Gani"),
    ("Khaerul", "Chairul"),
    ("Nabilah Zahra", "Nabila Zahra"),
    ("Suwarno", "Soearno"),
    ("Ricky", "Riki"),
    ("Noor Aini", "Nuraini"),
    ("St. Aminah", "Siti Aminah"),
    ("ST AMINAH", "Siti Aminah"),
    ("I Wayan Sudarma", "Wayan Sudarma"),
    ("Ni Luh Putu Ayu", "Luh Putu Ayu"),
]

DIFFERENT = [
    ("Budi Santoso", "Budi Susanto"),
    ("Siti Aminah", "Siti Aisyah"),
    ("Putra Wijaya", "Putri Wijaya"),
    ("Suryani", "Suryanti"),
    ("Ahmad Fauzi", "Ahmad Fauzan"),
    ("Budi", "Budi Santoso"),
    ("A. F.", "Ahmad Fauzi"),
    ("Muhammad", "Muhammad Ali"),
    ("Muhammad Ali", "Muhammad Umar"),
    ("Muhammad Ali", "Ahmad Ali"),
    ("Dewi Lestari", "Dewi Sartika"),
    ("Budi S.", "Budi Wijaya"),
    ("B. Santoso", "Agus Santoso"),
    ("Agus Salim", "Salim Rahman"),
    ("Rina", "Rani"),
    ("Arif", "Arip Wibowo"),
    ("Riska", "Rifka"),
    ("Abdul Rahman", "Abdul Salam"),
    ("Suwarno", "Suwarni"),
    ("St. Aminah", "Budi Aminah"),
    ("", "Budi"),
    ("...", "Budi"),
    ("H.", "Budi"),
    ("Dr.", "Drs."),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_person_is_known_in_two_spellings(one: str, other: str) -> None:
    assert same_name(one, other)
    assert same_name(other, one)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_a_clear_difference_is_a_difference(one: str, other: str) -> None:
    assert not same_name(one, other)
    assert not same_name(other, one)


PARTS = [
    "Budi",
    "Siti",
    "M.",
    "Moh.",
    "Muhammad",
    "H.",
    "A",
    "Ch",
    "Kh.",
    "Chandra",
    "Candra",
    "Nur",
    "Aini",
    "Nuraini",
]
names = st.one_of(
    st.text(max_size=30),
    st.lists(st.sampled_from([*PARTS, "S.Kom", "bin", "Sjah", "Syah", "c", "k", "kc"]), max_size=5).map(" ".join),
    st.lists(st.text("chkjy .,", max_size=6), max_size=4).map(" ".join),
)


@settings(deadline=None)
@given(names)
def test_a_name_is_itself(name: str) -> None:
    assert same_name(name, name)
    assert same_name(name, f" {name.upper().lower()} ") or name.upper().lower().casefold() != name.casefold()


@settings(deadline=None, max_examples=300)
@given(names, names)
def test_it_does_not_matter_which_name_comes_first(one: str, other: str) -> None:
    assert same_name(one, other) == same_name(other, one)


# What an office, a family or an old typewriter makes of one name, letter for letter.
RESPELLED = [
    ("u", "oe"),
    ("y", "j"),
    ("f", "p"),
    ("f", "v"),
    ("z", "s"),
    ("sy", "sj"),
    ("sy", "s"),
    ("c", "tj"),
    ("ai", "ae"),
    ("ik", "iq"),
    ("dh", "d"),
    ("kh", "ch"),
]
WHOLE = ["Taufik", "Syarifuddin", "Yusuf", "Cahyadi", "Khairul", "Ramadhan", "Hidayah", "Zainal", "Wijaya"]
whole_names = st.lists(st.sampled_from(WHOLE), min_size=1, max_size=3, unique=True).map(" ".join)
FRAMES = ["{}", "H. {}", "Dra. {}, M.Si", "  {} ", "{} SE", "Muhammad {}", "Moh. {}"]


@settings(deadline=None, max_examples=300)
@given(whole_names, st.lists(st.sampled_from(RESPELLED), max_size=3), st.sampled_from(FRAMES), st.booleans())
def test_a_name_respelled_titled_or_shouted_is_the_same_and_is_found_under_the_same_key(
    name: str, changes: list[tuple[str, str]], frame: str, shouted: bool
) -> None:
    other = name.lower()
    for old, new in sorted(changes, key=RESPELLED.index):
        other = other.replace(old, new)
    other = frame.format(other.upper() if shouted else other)
    assert same_name(name, other)
    assert name_key(name) == name_key(other)


@settings(deadline=None)
@given(whole_names, st.sampled_from(WHOLE), st.sampled_from(WHOLE))
def test_one_word_for_another_is_a_difference(name: str, gone: str, come: str) -> None:
    words = name.split()
    if gone in words and come not in words:
        other = " ".join(come if word == gone else word for word in words)
        assert not same_name(name, other)
        assert name_key(name) != name_key(other)
