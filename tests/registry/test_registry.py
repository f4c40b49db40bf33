"""Persons are stored unreadable and found; employments can't overlap; a NIK's date only warns."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from lumbung.encryption import blind_index, decrypt, encrypt
from lumbung.registry import actions, identity, queries
from lumbung.registry.errors import AlreadyRegistered, BadIdentity, NoSuchEmployer, OverlappingEmployment
from lumbung.registry.models import Employment, Person

GUIDE = actions.NewPerson(
    "Budi Contoh Santosa", date(1990, 1, 1), ("123456789012",), nik="3171010101010001", phone="0812 0000 0001"
)


def employer(number: str = "00000001-000"):
    return actions.register_employer(full_number=number, name="PT Contoh", risk_class="II", size="large")


def test_the_date_inside_a_nik_warns_and_never_refuses(db: None) -> None:
    (registered,) = actions.register_persons([GUIDE])
    assert registered.warnings == (actions.NIK_DATE_DIFFERS,)
    assert registered.person.phone == "+6281200000001"


@given(st.dates(date(1940, 1, 1), date(2020, 1, 1)), st.booleans())
def test_a_nik_agrees_with_its_own_birth_date_and_no_other(born: date, woman: bool) -> None:
    nik = f"990101{born.day + (40 if woman else 0):02d}{born:%m%y}0001"
    assert identity.nik_agrees(nik, born)
    assert not identity.nik_agrees(nik, born + timedelta(days=1))


@pytest.mark.parametrize(
    "spelling",
    ["081200000001", "0812 0000 0001", "0812-0000-0001", "6281200000001", "+62 812 0000 0001", "+6281200000001"],
)
def test_every_spelling_of_a_phone_is_one_phone(spelling: str) -> None:
    assert identity.phone_in_e164(spelling) == "+6281200000001"


@given(st.from_regex(r"\+628[0-9]{0,16}", fullmatch=True))
def test_a_phone_as_networks_write_it_is_the_same_however_it_is_read(phone: str) -> None:
    assert identity.phone_in_e164(phone) == identity.phone_in_e164(f" {phone}")


@pytest.mark.parametrize("nonsense", ["", "2757", "halo", "0", "+", "08" * 30, "budi081234567", "INFO1234567"])
def test_what_is_no_phone_is_none(nonsense: str) -> None:
    assert identity.phone_in_e164(nonsense) is None


@pytest.mark.parametrize(
    ("phone", "written"),
    [("+6281200000001", "0812 0000 0001"), ("+628120000001", "0812 0000 001"), ("+6591234567", "+6591234567")],
)
def test_a_phone_is_shown_as_people_here_write_it(phone: str, written: str):
    assert identity.phone_as_written(phone) == written


def test_personal_values_are_unreadable_at_rest_and_found_by_their_index(db: None) -> None:
    (registered,) = actions.register_persons([GUIDE])
    with connection.cursor() as cursor:
        cursor.execute("SELECT nik, birth_date, phone FROM registry_person")
        row = cursor.fetchone()
    stored = b"".join(bytes(value) for value in row)
    for clear in (b"3171010101010001", b"1990-01-01", b"81200000001"):
        assert clear not in stored
    read = Person.objects.get(nik_index=blind_index("3171010101010001", context="nik"))
    assert (read.pk, read.nik, read.birth_date) == (registered.person.pk, "3171010101010001", date(1990, 1, 1))
    assert "1990" not in repr(GUIDE)
    assert "3171" not in repr(GUIDE)


def test_a_value_moved_to_another_column_or_changed_does_not_open() -> None:
    from django.core.exceptions import ImproperlyConfigured

    sealed = encrypt(b"x", context="a.b")
    assert decrypt(sealed, context="a.b") == b"x"
    assert encrypt(b"x", context="a.b") != sealed, "each time another nonce"
    with pytest.raises(ImproperlyConfigured):
        decrypt(sealed, context="a.c")
    with pytest.raises(ImproperlyConfigured):
        decrypt(sealed[:-1] + bytes([sealed[-1] ^ 1]), context="a.b")


def test_keys_rotate_by_their_id(settings) -> None:
    old = settings.LUMBUNG_FIELD_KEYS
    sealed = encrypt(b"x", context="a.b")
    settings.LUMBUNG_FIELD_KEYS = "k2:" + "B" * 43 + "=," + old
    assert decrypt(sealed, context="a.b") == b"x"
    assert encrypt(b"x", context="a.b")[1:3] == b"k2"


def test_a_number_or_a_nik_is_registered_once(db: None) -> None:
    actions.register_persons([GUIDE])
    other = actions.NewPerson("Lain Contoh", date(1990, 1, 1), ("99999999999",), nik=GUIDE.nik)
    with pytest.raises(AlreadyRegistered):
        actions.register_persons([other])
    with pytest.raises(AlreadyRegistered):
        actions.register_persons([actions.NewPerson("Lain", date(1990, 1, 1), GUIDE.member_numbers)])
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        actions.NewPerson("X", date(1990, 1, 1), ("123",)),
        actions.NewPerson("X", date(1990, 1, 1), ("1234567890123",)),
        actions.NewPerson("X", date(1990, 1, 1), (), nik="317101"),
        actions.NewPerson("X", date(1990, 1, 1), (), phone="2757"),
    ],
)
def test_numbers_of_the_wrong_shape_are_refused(db: None, wrong: actions.NewPerson) -> None:
    with pytest.raises(BadIdentity):
        actions.register_persons([wrong])


def test_employments_of_one_number_with_one_employer_never_overlap(db: None) -> None:
    actions.register_persons([GUIDE])
    first = employer()
    number = "123456789012"
    actions.start_employments(first, [actions.NewEmployment(number, date(2020, 1, 1), date(2020, 12, 31))])
    for started, ended in [
        (date(2020, 12, 31), None),
        (date(2019, 1, 1), date(2020, 1, 1)),
        (date(2020, 6, 1), None),
    ]:
        with pytest.raises(OverlappingEmployment):
            actions.start_employments(first, [actions.NewEmployment(number, started, ended)])
    actions.start_employments(first, [actions.NewEmployment(number, date(2021, 1, 1))])
    actions.start_employments(employer("00000002-000"), [actions.NewEmployment(number, date(2020, 6, 1))])
    assert Employment.objects.count() == 3


def test_the_database_itself_refuses_an_overlap_and_an_end_before_the_start(db: None) -> None:
    actions.register_persons([GUIDE])
    first = employer()
    actions.start_employments(first, [actions.NewEmployment("123456789012", date(2020, 1, 1))])
    statement = (
        "INSERT INTO registry_employment (member_number_id, employer_id, started, ended) VALUES (%s, %s, %s, %s)"
    )
    for started, ended in [("2021-01-01", None), ("2019-05-01", "2019-04-01")]:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, ["123456789012", first.pk, started, ended])


def test_an_employer_is_found_by_number_and_division_only(db: None) -> None:
    employer("0000000A-001")
    assert queries.employer("0000000a-001").full_number == "0000000A-001"
    for wrong in ("0000000A", "0000000A-002", "", "x-y"):
        with pytest.raises(NoSuchEmployer):
            queries.employer(wrong)


@pytest.mark.parametrize(
    ("born", "nik", "started", "insured"),
    [
        (date(1970, 6, 15), "9901011506700001", date(2024, 6, 14), True),
        (date(1970, 6, 15), "9901011506700001", date(2024, 6, 15), False),
        (date(1970, 6, 15), None, date(2024, 6, 14), False),
        # Who worked when the programme began is judged on its first day, 2 February 2021.
        (date(1967, 2, 3), "9901010302670001", date(2010, 1, 1), True),
        (date(1967, 2, 2), "9901010202670001", date(2010, 1, 1), False),
    ],
)
def test_who_is_a_citizen_under_54_is_insured_against_job_loss(
    db: None, born: date, nik: str | None, started: date, insured: bool
) -> None:
    actions.register_persons([actions.NewPerson("Tono Contoh", born, ("10000000099",), nik=nik)])
    (employment,) = actions.start_employments(employer(), [actions.NewEmployment("10000000099", started)])
    assert Employment.objects.get(pk=employment.pk).job_loss_insured is insured
