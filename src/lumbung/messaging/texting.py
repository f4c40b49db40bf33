"""Texts as things that go out."""

from lumbung.messaging.gateways import configured
from lumbung.messaging.models import OutboundText
from lumbung.messaging.outbox.channels import Channel
from lumbung.messaging.phones.queries import objections
from lumbung.messaging.refusing import actions as refusing

QUEUE = "texts"
TEXTS = Channel(
    name="sms",
    model=OutboundText,
    queue=QUEUE,
    task="lumbung.messaging.actions.deliver_texts",
    ways=configured.ways,
    vet=objections,
    heard=refusing.note_answers,
    spare=refusing.spare,
)
