"""`among` finds what `in` finds, whatever the values hold."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumbung.messaging.models import InboundText, PhoneHold
from lumbung.registry.actions import NewPerson, register_persons
from lumbung.registry.models import MemberNumber

INTEGERS = st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=20, unique=True)
WORDS = st.lists(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=100), min_size=1
)


@pytest.mark.django_db
@settings(deadline=None)
@given(st.lists(st.binary(max_size=40), min_size=1, max_size=20, unique=True), st.data())
def test_bytes(indexes: list[bytes], data: st.DataObject) -> None:
    PhoneHold.objects.all().delete()
    PhoneHold.objects.bulk_create(PhoneHold(index=index) for index in indexes)
    sought = data.draw(st.lists(st.one_of(st.sampled_from(indexes), st.binary(max_size=40))))
    found = PhoneHold.objects.filter(index__among=sought).values_list("index", flat=True)
    assert sorted(map(bytes, found)) == sorted({*sought} & {*indexes})


@pytest.mark.django_db
@settings(deadline=None)
@given(WORDS, WORDS)
def test_text(gateway_ids: list[str], sought: list[str]) -> None:
    InboundText.objects.all().delete()
    at = "2026-01-01T00:00Z"
    texts = [
        InboundText(gateway="kannel", gateway_id=each, sender="", sender_index=b"", received_at=at)
        for each in {*gateway_ids}
    ]
    InboundText.objects.bulk_create(texts)
    sought += gateway_ids[:1]
    found = InboundText.objects.filter(gateway_id__among=sought).values_list("gateway_id", flat=True)
    assert sorted(found) == sorted({*gateway_ids} & {*sought})


@pytest.mark.django_db
@settings(deadline=None)
@given(INTEGERS, st.data())
def test_whole_numbers(keys: list[int], data: st.DataObject) -> None:
    PhoneHold.objects.all().delete()
    PhoneHold.objects.bulk_create(PhoneHold(pk=key, index=b"%d" % key) for key in keys)
    sought = data.draw(st.lists(st.one_of(st.sampled_from(keys), st.none(), st.integers(-9, 9))))
    found = PhoneHold.objects.filter(pk__among=sought).values_list("pk", flat=True)
    assert sorted(found) == sorted({*sought} & {*keys})


@pytest.mark.django_db
def test_keys_of_others_and_values_that_can_be_read_once() -> None:
    [made] = register_persons([NewPerson("Uji", date(1990, 1, 1), ("10000000001",))])
    found = MemberNumber.objects.filter(person_id__among=iter([made.person.pk]))
    assert [member.pk for member in found] == [member.pk for member in found.all()] == ["10000000001"]


@pytest.mark.django_db
def test_what_only_begins_like_it_is_something_else() -> None:
    """A cast to the column's length would cut it."""
    register_persons([NewPerson("Uji", date(1990, 1, 1), ("100000000012",))])
    assert MemberNumber.objects.filter(pk__among=["100000000012"]).exists()
    assert not MemberNumber.objects.filter(pk__among=["1000000000123", "100000000012 "]).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("value", [True, 1.5, bytearray(b"1"), date(2026, 1, 1)])
def test_other_kinds_are_refused(value: object) -> None:
    with pytest.raises(TypeError, match="among"):
        list(PhoneHold.objects.filter(pk__among=[value]))


@pytest.mark.django_db
def test_none_of_them_finds_nothing_and_asks_nothing(django_assert_num_queries: Any) -> None:
    PhoneHold.objects.create(index=b"1")
    with django_assert_num_queries(0):
        assert list(PhoneHold.objects.filter(index__among=[])) == []
        assert PhoneHold.objects.filter(index__among=()).update(refusals=1) == 0
    assert PhoneHold.objects.exclude(index__among=[]).count() == 1
