"""Names: the same person written in two ways, and two persons. All names are invented."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumbung.registry.names import same_name

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
