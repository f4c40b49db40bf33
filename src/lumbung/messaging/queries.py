"""Read texts: what a phone said and was told, and how often."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from lumbung.messaging.lanes import Lane
from lumbung.messaging.mail import queries as mail_queries
from lumbung.messaging.models import InboundText, OutboundText
from lumbung.messaging.phones import phone_index

mails_to = mail_queries.mails_to  # so that all about what was sent is found here


@dataclass(frozen=True, slots=True, repr=False)
class Bubble:
    """One text of a conversation as its phone sees it. `is_waiting`: said, and not dealt with yet."""

    is_from_phone: bool
    body: str
    at: datetime
    is_waiting: bool = False


def conversation(phone: str, *, limit: int = 20) -> list[Bubble]:
    """The phone's latest texts, both ways, the oldest first. Only what was sent to it has reached it."""
    index = phone_index(phone)
    said = InboundText.objects.filter(sender_index=index).order_by("-received_at", "-pk")[:limit]
    told = OutboundText.objects.filter(to_index=index, state=OutboundText.State.SENT)
    bubbles = [
        *(Bubble(True, text.body or "", text.received_at, _is_waiting(text)) for text in said),
        *(Bubble(False, text.body or "", text.queued_at) for text in told.order_by("-queued_at")[:limit]),
    ]
    return sorted(bubbles, key=lambda bubble: bubble.at)[-limit:]


def _is_waiting(text: InboundText) -> bool:
    if text.state == InboundText.State.ANSWERED:
        return text.answer.state in {OutboundText.State.QUEUED, OutboundText.State.CLAIMED}
    return text.state == InboundText.State.WAITING


def inbound(gateway: str, gateway_id: str) -> InboundText | None:
    """The text that a gateway handed over under that id, with its answer if there is one."""
    texts = InboundText.objects.select_related("answer")
    return texts.filter(gateway=gateway, gateway_id=gateway_id).first()


def waiting(since: datetime) -> list[int]:
    """The keys of the texts that came since then and are not dealt with yet, in the order they came."""
    texts = InboundText.objects.filter(state=InboundText.State.WAITING, received_at__gte=since)
    return list(texts.order_by("received_at", "pk").values_list("pk", flat=True))


def still_waiting(inbound_ids: Sequence[int]) -> list[int]:
    """Which of the texts are not dealt with yet, in the order they came."""
    texts = InboundText.objects.filter(pk__among=inbound_ids, state=InboundText.State.WAITING)
    return list(texts.order_by("received_at", "pk").values_list("pk", flat=True))


def busy_senders(asked: Sequence[InboundText], *, within: timedelta, most: int, now: datetime) -> set[bytes]:
    """The senders of these texts that sent others in that time before theirs or since, or were answered more often
    than so in the last day. All of these texts of one sender count as others of each other."""
    if not asked:
        return set()
    senders = [text.sender_index for text in asked]
    others = InboundText.objects.filter(
        sender_index__among=senders, received_at__gte=min(text.received_at for text in asked) - within
    ).exclude(pk__among=[text.pk for text in asked])
    answered = OutboundText.objects.filter(
        to_index__among=senders, queued_at__gt=now - timedelta(days=1), in_reply_to__isnull=False
    )
    often = answered.values("to_index").annotate(count=Count("pk")).filter(count__gt=most)
    spoken = Counter(map(bytes, senders))
    return {
        *(sender for sender, count in spoken.items() if count > 1),
        *map(bytes, others.values_list("sender_index", flat=True)),
        *map(bytes, often.values_list("to_index", flat=True)),
    }


def before(text: InboundText) -> InboundText | None:
    """The text that the same sender sent last before this one."""
    earlier = InboundText.objects.filter(sender_index=text.sender_index, pk__lt=text.pk)
    return earlier.select_related("answer").order_by("-received_at", "-pk").first()


def outcomes_since(text: InboundText, outcome: str, since: datetime) -> int:
    """How many texts of the same sender came to that outcome since then; a repetition counts for nothing."""
    return InboundText.objects.filter(
        sender_index=text.sender_index, received_at__gt=since, outcome=outcome, repeats__isnull=True
    ).count()


def answers_lately(text: InboundText, now: datetime) -> tuple[int, int]:
    """How many answers went to the same sender in the last hour, and in the last day."""
    answers = OutboundText.objects.filter(
        to_index=text.sender_index, queued_at__gt=now - timedelta(days=1), in_reply_to__isnull=False
    )
    in_hour = Count("pk", filter=Q(queued_at__gt=now - timedelta(hours=1)))
    counted = answers.aggregate(hour=in_hour, day=Count("pk"))
    return counted["hour"], counted["day"]


def answers_waiting(most: int) -> int:
    """How many answers wait to be handed over; it counts to `most` only."""
    waiting = OutboundText.objects.filter(lane=Lane.ANSWER, state=OutboundText.State.QUEUED)
    return waiting[:most].count()


def texts_to(phone: str, since: datetime) -> int:
    """How many texts were put out to the phone since then, but for answers to what it said."""
    return OutboundText.objects.filter(
        to_index=phone_index(phone), queued_at__gt=since, in_reply_to__isnull=True
    ).count()
