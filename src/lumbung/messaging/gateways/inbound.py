"""An aggregator's texts in its own words: how it proves itself, where each fact stands, what it wants to hear."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lumbung.messaging.gateways.brought import EACH, Brought, Proof, found_at, worded

# From here on a count of time since 1970 is of milliseconds: as seconds it would be the year 5138.
MILLISECONDS_FROM = 10**11


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What it wants to hear when its texts are kept: always the same, since answers go out by the outbox."""

    status: int
    content_type: str
    body: str


@dataclass(frozen=True, slots=True, repr=False)
class Given:
    """One text. A fact is None when there is none at its path; without words it is kept `whole`, as it came."""

    sender: str | None
    recipient: str | None
    words: str | None
    id: str | None
    at: str | None
    whole: str

    @property
    def sent_at(self) -> datetime | None:
        """The instant, from seconds or milliseconds since 1970 or ISO 8601; None when it is missing, nonsense or
        without its offset from UTC, which harms nothing."""
        try:
            if (self.at or "").isdecimal():
                count = int(self.at or "")
                return datetime.fromtimestamp(count / (1000 if count >= MILLISECONDS_FROM else 1), tz=UTC)
            instant = datetime.fromisoformat(self.at or "")
            return None if instant.tzinfo is None else instant.astimezone(UTC)
        except (ValueError, OverflowError, OSError):
            return None


@dataclass(frozen=True, slots=True, repr=False)
class Inbound:
    """How one aggregator hands in texts. `sender`, `recipient`, `text`, `id` and `at` are names in a query or a
    form, or paths in JSON; `*` in them stands for each one of a list of texts, "" is nowhere. If it also brings
    other events, those are texts whose `kind` is one of `kinds`."""

    proof: Proof
    sender: str
    text: str
    recipient: str
    id: str
    at: str
    kind: str
    kinds: frozenset[str]
    acknowledgement: Acknowledgement

    @property
    def apart(self) -> str:
        """What in the query is no part of what is said, and is never kept: the secret."""
        return self.proof.name if self.proof.place == "query" else ""

    def places(self, brought: Brought) -> Sequence[int]:
        """The places of its texts: none when it says nothing."""
        return [] if brought.is_empty(apart=self.apart) else brought.places(self.sender)

    def is_text(self, brought: Brought, place: int) -> bool:
        """Whether what stands at the place is a text, or does not say what it is, and so is not another event."""
        return not self.kind or brought.value(self.kind, place) in {*self.kinds, None}

    def read(self, brought: Brought, place: int) -> Given:
        """The text at the place. One that should say that it is a text, and doesn't, is without words."""

        def value(path: str) -> str | None:
            return brought.value(path, place) if path else None

        return Given(
            sender=value(self.sender),
            recipient=value(self.recipient),
            words=None if self.kind and value(self.kind) is None else value(self.text),
            id=value(self.id),
            at=value(self.at),
            whole=self._whole(brought, place),
        )

    def _whole(self, brought: Brought, place: int) -> str:
        before, each, _ = self.sender.partition(EACH)
        if each and brought.data is not None:
            try:
                return worded(found_at(brought.data, before + each, place))
            except LookupError:
                pass
        return brought.whole(apart=self.apart)
