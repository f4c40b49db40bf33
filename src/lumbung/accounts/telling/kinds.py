"""What members are told of, kind by kind: by which ways unless they choose others, and what can't be chosen."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lumbung.errors import marked


class Channel(StrEnum):
    """A way beside the inbox, in the order in which one stands in for another."""

    PUSH = "push"
    SMS = "sms"
    MAIL = "mail"


CHANNELS: Mapping[Channel, str] = {
    Channel.PUSH: marked("On my devices"),
    Channel.SMS: marked("SMS"),
    Channel.MAIL: marked("E-mail"),
}
EVERY = frozenset(Channel)
# A text costs the fund money, so it stands in for another way only where somebody must act.
FREE = frozenset({Channel.PUSH, Channel.MAIL})


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of news. `usual` are the ways for whoever has not chosen; every way can be chosen.

    A fixed kind protects the account: it goes to every contact, can't be switched off and never waits for the
    morning; it says `letters` (contacts.letters), without any named all those that no other kind says. A pressing
    kind wants somebody to act, so an SMS may stand in for what did not arrive. `apart` are ways
    by which something else brings it, slowly, to everybody (broadcasts), and never `telling`.
    """

    code: str
    title: str
    about: str
    usual: frozenset[Channel] = FREE
    is_fixed: bool = False
    is_pressing: bool = False
    apart: frozenset[Channel] = frozenset()
    letters: frozenset[str] = frozenset()

    @property
    def brought(self) -> frozenset[Channel]:
        """The ways by which `telling` itself may bring it."""
        return EVERY - self.apart

    @property
    def stand_ins(self) -> frozenset[Channel]:
        """The ways that may stand in for one that failed."""
        return self.brought if self.is_pressing else self.brought & FREE


_ALL = (
    Kind(
        "contribution",
        marked("A contribution came in"),
        marked("Month, wage and amount, each time money for you is credited."),
    ),
    Kind(
        "month_unpaid",
        marked("A month was not paid"),
        marked("When the last day to pay is over and nothing came for you."),
        usual=EVERY,
        is_pressing=True,
    ),
    Kind(
        "wage_lower",
        marked("A lower wage was reported"),
        marked("When your employer reports less than in the months before."),
        usual=EVERY,
        is_pressing=True,
    ),
    Kind(
        "development",
        marked("Your savings earned a result"),
        marked("The yearly result on your old-age savings, and when it is put right later."),
    ),
    Kind(
        "request",
        marked("Your requests"),
        marked("When a request is decided, and when the time for it is nearly over."),
        usual=EVERY,
        is_pressing=True,
    ),
    Kind(
        "paper",
        marked("A card or statement was made"),
        marked("So that you know if somebody else makes one."),
    ),
    Kind(
        "announcement",
        marked("Announcements"),
        marked("What the fund tells everybody."),
        usual=frozenset({Channel.SMS}),
        apart=frozenset({Channel.SMS}),
    ),
    Kind(
        "new_device",
        marked("A new device logged in"),
        marked("When somebody logs in where you never did before."),
        usual=EVERY,
        is_fixed=True,
        letters=frozenset({"new_device"}),
    ),
    Kind(
        "contact",
        marked("Phone, e-mail, bank account, address or heirs changed"),
        marked("Each change, to the old contact and the new one."),
        usual=EVERY,
        is_fixed=True,
        letters=frozenset(
            {
                *("phone_changed", "email_changed", "contact_confirmed", "bank_changed", "bank_removed"),
                *("address_changed", "heirs_changed"),
            }
        ),
    ),
    Kind(
        "lock",
        marked("Your account was locked or opened"),
        marked("When nothing can be changed for a time, and when it can again."),
        usual=EVERY,
        is_fixed=True,
        letters=frozenset({"locked", "unlocked", "recovered"}),
    ),
    Kind(
        "security",
        marked("Password, passkeys, codes and your data"),
        marked("Whatever decides who gets in, and each time all your data are taken away."),
        usual=EVERY,
        is_fixed=True,
    ),
)
KINDS: Mapping[str, Kind] = {kind.code: kind for kind in _ALL}
CHOSEN = tuple(kind for kind in _ALL if not kind.is_fixed)
FIXED = tuple(kind for kind in _ALL if kind.is_fixed)
