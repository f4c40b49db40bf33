"""How members want to be told, where they can be reached, and what became of a notice."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time

from allauth.account.models import EmailAddress

from lumbung.accounts.models import NoticeChoice, NoticeTimes, Phone, PushSubscription, User
from lumbung.accounts.telling import quiet
from lumbung.accounts.telling.kinds import CHOSEN, Channel, Kind
from lumbung.messaging.models import OutboundMail, OutboundPush, OutboundText

_NAME = "notice"


@dataclass(frozen=True, slots=True)
class Choice:
    """What one member chose, or what holds for whoever chose nothing."""

    wanted: Mapping[str, frozenset[Channel]] = field(default_factory=dict)
    is_quiet: bool = True
    quiet_from: time = quiet.FROM
    quiet_until: time = quiet.UNTIL
    stands_in: bool = True
    mail_stopped: frozenset[str] = frozenset()  # kinds of which no mail goes out, not even as a stand-in

    def channels(self, kind: Kind) -> frozenset[Channel]:
        """The ways beside the inbox for news of this kind."""
        return kind.usual if kind.is_fixed else self.wanted.get(kind.code, kind.usual)

    def stand_ins(self, kind: Kind) -> frozenset[Channel]:
        """The ways that may stand in for one that failed."""
        return kind.stand_ins - {Channel.MAIL} if kind.code in self.mail_stopped else kind.stand_ins

    @property
    def in_effect(self) -> tuple[object, ...]:
        """All that holds now, so that two choices can be compared whatever rows they stand in."""
        ways = tuple(self.channels(kind) for kind in CHOSEN)
        return ways, self.is_quiet, self.quiet_from, self.quiet_until, self.stands_in, self.mail_stopped

    def not_before(self, kind: Kind, now: datetime) -> datetime | None:
        """From when it may be sent; None for at once."""
        if kind.is_fixed or not self.is_quiet:
            return None
        return quiet.not_before(now, quiet_from=self.quiet_from, quiet_until=self.quiet_until)


@dataclass(frozen=True, slots=True, repr=False)
class Reach:
    """Where one member is told of news: one phone, one address (confirmed, else on file), and all devices."""

    phone: str = ""
    email: str = ""
    devices: tuple[PushSubscription, ...] = ()

    @property
    def channels(self) -> frozenset[Channel]:
        """The ways that lead anywhere."""
        there = {Channel.PUSH: self.devices, Channel.SMS: self.phone, Channel.MAIL: self.email}
        return frozenset(channel for channel, found in there.items() if found)


def choice_of(user: User) -> Choice:
    """What the member chose."""
    return choices([user.pk])[user.pk]


def choices(users: Collection[int]) -> dict[int, Choice]:
    """What each of the users chose: two statements for any number."""
    wanted: dict[int, dict[str, frozenset[Channel]]] = {user: {} for user in users}
    stopped: dict[int, set[str]] = {user: set() for user in users}
    for row in NoticeChoice.objects.filter(user__in=users, kind__in=[kind.code for kind in CHOSEN]):
        chosen = {Channel.PUSH: row.push, Channel.SMS: row.sms, Channel.MAIL: row.mail}
        wanted[row.user_id][row.kind] = frozenset(channel for channel, is_on in chosen.items() if is_on)
        if row.mail_stopped:
            stopped[row.user_id].add(row.kind)
    times = {row.user_id: row for row in NoticeTimes.objects.filter(user__in=users)}
    return {user: _choice(wanted[user], times.get(user), frozenset(stopped[user])) for user in users}


def _choice(
    wanted: Mapping[str, frozenset[Channel]], times: NoticeTimes | None, mail_stopped: frozenset[str]
) -> Choice:
    if times is None:
        return Choice(wanted, mail_stopped=mail_stopped)
    return Choice(wanted, times.is_quiet, times.quiet_from, times.quiet_until, times.stands_in, mail_stopped)


def reach_of(user: User) -> Reach:
    """Where the member is told of news."""
    return reach([user])[user.pk]


def reach(users: Collection[User]) -> dict[int, Reach]:
    """Where each of the users is told of news: three statements for any number whose persons are read already."""
    keys = [user.pk for user in users]
    phones = {row.user_id: row.number for row in Phone.objects.filter(user__in=keys, verified_at__isnull=False)}
    confirmed = EmailAddress.objects.filter(user__in=keys, verified=True).order_by("primary", "-pk")
    emails = {row.user_id: row.email for row in confirmed}  # the primary one comes last, and stays
    devices: dict[int, list[PushSubscription]] = {}
    for row in PushSubscription.objects.filter(user__in=keys).select_related("address").order_by("pk"):
        devices.setdefault(row.user_id, []).append(row)
    return {
        user.pk: Reach(
            phones.get(user.pk) or (user.person and user.person.phone) or "",
            emails.get(user.pk) or (user.person and user.person.email) or "",
            tuple(devices.get(user.pk, ())),
        )
        for user in users
    }


def name(message_id: int, device_id: int | None = None) -> str:
    """What a text, mail or push that brings a message is called in its outbox, so that it goes out once."""
    return f"{_NAME}:{message_id}" if device_id is None else f"{_NAME}:{message_id}:{device_id}"


def message_behind(channel: Channel, outbox_id: int) -> int | None:
    """The message of the inbox that a row of an outbox brings; None when it brings none, or is forgotten."""
    cause = _OUTBOXES[channel].objects.filter(pk=outbox_id).values_list("cause", flat=True).first()
    parts = (cause or "").split(":")
    return int(parts[1]) if parts[0] == _NAME and len(parts) > 1 else None


def tried(message_id: int) -> dict[Channel, bool]:
    """By which ways the message was sent already, and whether it may still arrive, or has."""
    failed, found = OutboundText.State.FAILED, {}
    for channel, outbox in _OUTBOXES.items():
        of = {"cause": name(message_id)}
        if channel is Channel.PUSH:
            of = {"cause__startswith": f"{name(message_id)}:"}
        states = list(outbox.objects.filter(**of).values_list("state", flat=True))
        if states:
            found[channel] = any(state != failed for state in states)
    return found


_OUTBOXES: Mapping[Channel, type[OutboundText] | type[OutboundMail] | type[OutboundPush]] = {
    Channel.PUSH: OutboundPush,
    Channel.SMS: OutboundText,
    Channel.MAIL: OutboundMail,
}
