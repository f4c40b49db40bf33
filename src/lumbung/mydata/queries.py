"""Gather everything that is held about one member."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps

from lumbung.accounts.contacts.queries import channels
from lumbung.accounts.models import NumberJoin, User
from lumbung.casework.models import Case
from lumbung.messaging.mail.actions import mail_index
from lumbung.messaging.phones import phone_index
from lumbung.mydata import held
from lumbung.mydata.held import HELD, Held, key_of
from lumbung.registry.models import MemberNumber

# Sealed texts that are JSON inside, be it a number only.
_INSIDE = {"address", "facts", "wage"}


@dataclass(frozen=True, slots=True, repr=False)
class Section:
    """The rows of one table about one member; `keys` name the columns of each row."""

    held: Held
    keys: tuple[str, ...]
    rows: list[tuple[Any, ...]] = field(default_factory=list)


def everything(user: User) -> list[Section]:
    """All that is held about a member and the numbers joined to him, table by table, in a fixed number of queries.

    Values are dates, instants, whole numbers, texts, truths, bytes, and what was JSON inside a sealed text.
    """
    keys = _keys(user)
    return [_section(each, keys[each.of]) for each in HELD]


def _keys(user: User) -> dict[str, Sequence[Any]]:
    """Whose rows are meant, by the words of `held`."""
    joined = NumberJoin.objects.filter(target=user.person_id, parted_at__isnull=True)
    persons = [user.person_id, *joined.values_list("source", flat=True)]
    told = channels(user)
    return {
        held.PERSON: persons,
        held.USER: [user.pk],
        held.NUMBER: list(MemberNumber.objects.filter(person__in=persons).values_list("pk", flat=True)),
        held.CASE: list(Case.objects.filter(person__in=persons).values_list("pk", flat=True)),
        held.PHONE: [phone_index(each) for each in told.phones],
        held.EMAIL: [mail_index(each) for each in told.emails],
    }


def _section(each: Held, keys: Sequence[Any]) -> Section:
    names = tuple(key_of(path) for path in each.columns)
    if not keys:
        return Section(each, names)
    model = apps.get_model(each.model)
    rows = model._default_manager.filter(**{f"{each.by}__in": keys}).order_by(each.order, "pk")
    opened = [name in _INSIDE for name in names]
    return Section(
        each,
        names,
        [
            tuple(_opened(value) if inside else value for value, inside in zip(row, opened, strict=True))
            for row in rows.values_list(*each.columns)
        ],
    )


def _opened(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value
