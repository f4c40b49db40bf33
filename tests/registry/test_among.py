"""`among` finds what `in` finds, whatever the values hold."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung.messaging.models import InboundText, PhoneHold
from lumbung.registry.models import MemberNumber

INTEGERS = st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=20)
WORDS = st.lists(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12), min_size=1
)


@pytest.mark.django_db
@given(st.lists(st.binary(max_size=40), min_size=1, max_size=20, unique=True), st.data())
def test_bytes(indexes: list[bytes], data: st.DataObject) -> None:
    PhoneHold.objects.all().delete()
    PhoneHold.objects.bulk_create(PhoneHold(index=index) for index in indexes)
    sought = data.draw(st.lists(st.one_of(st.sampled_from(indexes), st.binary(max_size=40))))
    found = PhoneHold.objects.filter(index__among=sought).values_list("index", flat=True)
    assert sorted(map(bytes, found)) == sorted({*sought} & {*indexes})


@pytest.mark.django_db
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
@given(INTEGERS)
def test_whole_numbers_and_keys_of_others(persons: list[int]) -> None:
    assert list(MemberNumber.objects.filter(person_id__among=persons)) == []
    assert str(MemberNumber.objects.filter(person_id__among=[1, 2]).query).endswith("ANY({1,2}::bigint[])")


@pytest.mark.django_db
def test_none_of_them_finds_nothing_and_asks_nothing(django_assert_num_queries: Any) -> None:
    PhoneHold.objects.create(index=b"1")
    with django_assert_num_queries(0):
        assert list(PhoneHold.objects.filter(index__among=[])) == []
        assert PhoneHold.objects.filter(index__among=()).update(refusals=1) == 0
    assert PhoneHold.objects.exclude(index__among=[]).count() == 1
