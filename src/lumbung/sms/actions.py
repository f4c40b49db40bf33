"""Answer texts. What a text may have is decided here and nowhere else; one text gets at most one answer."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.db import connection, transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from lumbung import access
from lumbung.accounts.locking import actions as locking
from lumbung.accounts.locking import queries as locks
from lumbung.accounts.newphones import actions as newphones
from lumbung.messaging import actions as carrying
from lumbung.messaging import queries as texts
from lumbung.messaging.models import InboundText
from lumbung.messaging.phones import phone_index
from lumbung.registry.models import MemberNumber
from lumbung.sms import answers, asking, commands, helping, queries
from lumbung.sms.balances import actions as balances
from lumbung.sms.commands import What
from lumbung.sms.models import SmsRegistration
from lumbung.sms.senders import phone_of

log = structlog.get_logger(__name__)
# The fund's day, whatever the server's clock is set to.
FUND_TIME = ZoneInfo("Asia/Jakarta")
# An operator's repetition has a new gateway id but comes soon (channels.md 1.8).
REPEATED_WITHIN = timedelta(seconds=120)
# Texts of one phone are answered in the order they came; one that fails holds up later ones only this long.
IN_ORDER_FOR = timedelta(seconds=120)
HELP_EVERY = timedelta(hours=1)
ANSWERS_AN_HOUR, ANSWERS_A_DAY = 30, 100
SET_SIZE = 200
# While so many texts wait, half a minute's work, those of phones that nobody knows are not answered; fewer wait
# when we were interrupted. While so many answers wait, a phone that may not ask for anything gets none of what is
# told to anybody.
MANY_TEXTS, MANY_ANSWERS = 3000, 1000
TO_ANYBODY = frozenset(
    {
        "refused",
        "register_refused",
        "register_capped",
        "malformed",
        "help",
        "helped",
        "unlock",
        "stopped",
        "started",
    }
)
FAILED_REGISTRATIONS_A_DAY = 5
# Each lock is told to every contact, and whoever forges the sender could set one again after each unlocking.
LOCKS_A_WEEK = 3
# Of one member number, from phones that are not on file.
NEW_PHONES_A_DAY = 5
PLACE = "sms"
# Asked of a person, whichever of his numbers is meant.
OF_A_PERSON = frozenset({What.STATUS, What.CARD, What.CLAIM, What.LOCK})


@dataclass(frozen=True, slots=True, repr=False)
class Verdict:
    """What a text comes to: a word for the record, and the words of the answer or None for silence."""

    outcome: str
    words: str | None


@app.task(name=carrying.ANSWER_TASK, queue=carrying.QUEUE, retry=RetryStrategy(max_attempts=5, exponential_wait=2))
def answer(inbound_id: int) -> None:
    """The queue's door: answer, and with that committed hand the answers over."""
    answer_text(inbound_id, now=timezone.now())
    carrying.deliver_texts()


@app.task(name=carrying.ANSWERING_TASK, queue=carrying.QUEUE)
def answer_waiting() -> None:
    """Answer whatever waits, in the order it came. A text that fails gets a job of its own, which tries again.

    Of several workers that do this at once each passes over the phones that another is at, and looks again in the
    end, so that they share the work and none is left.
    """
    carrying.wait_for_take_ins()
    keys = texts.waiting(timezone.now() - carrying.GIVEN_UP_AFTER)
    sets = deque(keys[start : start + SET_SIZE] for start in range(0, len(keys), SET_SIZE))
    busy: list[int] = []

    def another_set() -> int:
        if not sets:
            return 0
        some = sets.popleft()
        busy.extend(_answered_set(some, are_many=len(keys) >= MANY_TEXTS))
        return len(some)

    while another_set():  # one at least for each turn, however much else is due
        carrying.deliver_and(another_set)
    for inbound_id in texts.still_waiting(busy):
        _answered(inbound_id, waits=True)
    carrying.deliver_texts()


def _answered_set(inbound_ids: Sequence[int], *, are_many: bool) -> list[int]:
    """Answer a set; which of them somebody else is at."""
    left, elsewhere = _answered_together(inbound_ids)
    if left and are_many:
        gone = _crowded_out(left)
        left = [key for key in left if key not in gone]
    return [*elsewhere, *(key for key in left if not _answered(key, waits=False))]


@transaction.atomic
def crowd_out(inbound_ids: Sequence[int], *, now: datetime) -> set[int]:
    """End in silence those of the texts whose phones are neither on file nor registered; which ones.

    Each would take as long as a member's, and whoever invents phones invents a hundred thousand. A DAFTAR with all
    facts takes effect all the same, as far as it ever does: in the member's account. Nobody can invent facts.
    """
    held = carrying.hold_texts(inbound_ids)
    known = queries.known_phones({text.sender for text in held})
    strangers = [text for text in held if text.sender not in known]
    parsed = {text.pk: commands.parse(text.body or "") for text in strangers}
    asked = [(text, command) for text in strangers if isinstance(command := parsed[text.pk], commands.Register)]
    for inbound_id in _with_all_facts(asked, now):
        look_at_phone.defer(inbound_id=inbound_id)
    registering = [text for text, _ in asked]
    carrying.close_silently(registering, outcome="register_refused", now=now)
    carrying.close_silently([text for text in strangers if text not in registering], outcome="crowded", now=now)
    return {text.pk for text in strangers}


def _with_all_facts(asked: Sequence[tuple[InboundText, commands.Register]], now: datetime) -> list[int]:
    """The keys of the texts to look at: one for a member number, of phones that have not failed too often."""
    facts = {text.pk: (command.number, command.born, command.nik) for text, command in asked}
    right = access.right_facts(facts.values())
    first = {facts[text.pk][0]: text for text, _ in reversed(asked) if facts[text.pk] in right}
    since = now - timedelta(days=1)
    return [
        text.pk
        for text in first.values()
        if texts.outcomes_since(text, "register_refused", since) < FAILED_REGISTRATIONS_A_DAY
    ]


def _crowded_out(inbound_ids: Sequence[int]) -> set[int]:
    """Those of the texts that ended in silence; none when that failed, and each is tried by itself."""
    try:
        return crowd_out(inbound_ids, now=timezone.now())
    except Exception as failure:  # noqa: BLE001  (whatever it is)
        log.error("texts_failed", count=len(inbound_ids), failure=type(failure).__name__)  # noqa: TRY400
        return set()


def _answered_together(inbound_ids: Sequence[int]) -> tuple[list[int], list[int]]:
    """Answer what can be answered in one go. What is left to answer one by one, all of them when that failed; and
    what somebody else is at, or was."""
    try:
        done, left = balances.answer_plain(inbound_ids, now=timezone.now())
    except Exception as failure:  # noqa: BLE001  (whatever it is)
        log.error("texts_failed", count=len(inbound_ids), failure=type(failure).__name__)  # noqa: TRY400
        return list(inbound_ids), []
    return [key for key in inbound_ids if key in left], [key for key in inbound_ids if key not in done | left]


def _answered(inbound_id: int, *, waits: bool) -> bool:
    """Answer one of many; false when somebody else is at the phone and we don't wait."""
    try:
        is_done = answer_text(inbound_id, now=timezone.now(), waits=waits)
    except Exception as failure:  # noqa: BLE001  (whatever it is, the texts behind it are answered)
        # Without the traceback: what a database refuses it may quote.
        log.error("text_failed", inbound_id=inbound_id, failure=type(failure).__name__)  # noqa: TRY400
        carrying.answer_later(inbound_id)
        return True
    return is_done


@transaction.atomic
def answer_text(inbound_id: int, *, now: datetime, waits: bool = True) -> bool:
    """Answer a text, after those of the same phone that still wait from shortly before it. Twice is once.

    The answers are in the outbox then. False when it should not wait and somebody else is at the phone.
    """
    asked = InboundText.objects.get(pk=inbound_id)
    if asked.state != InboundText.State.WAITING:
        return True
    if not _one_phone_at_a_time(bytes(asked.sender_index), waits=waits):
        return False
    waiting = InboundText.objects.select_for_update(of=("self",), no_key=True).filter(
        sender_index=asked.sender_index,
        state=InboundText.State.WAITING,
        received_at__gte=asked.received_at - IN_ORDER_FOR,
        pk__lte=asked.pk,
    )
    for text in waiting.order_by("pk"):
        _answer(text, now)
    return True


def _one_phone_at_a_time(sender_index: bytes, *, waits: bool) -> bool:
    """Hold back every other worker that answers this phone, so that limits can't be passed side by side.

    Whether the phone is ours; always, if we wait for it.
    """
    key = carrying.one_phone_key(sender_index)
    with connection.cursor() as cursor:
        if waits:
            cursor.execute("SELECT true FROM pg_advisory_xact_lock(%s)", [key])
        else:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [key])
        (is_ours,) = cursor.fetchone()
    return bool(is_ours)


def _answer(text: InboundText, now: datetime) -> None:
    verdict, repeated = _judge(text, now), None
    first = texts.before(text)
    if first is not None and verdict.words is not None and _is_repetition(text, first, verdict):
        verdict, repeated = Verdict(verdict.outcome, first.answer.body), first
    carrying.close(text, outcome=verdict.outcome, answer=verdict.words, repeats=repeated, now=now)


def _is_repetition(text: InboundText, first: InboundText, verdict: Verdict) -> bool:
    """Whether the text says what the sender's last one said shortly before, and would come to the same.

    It then gets the first answer's words. Rights are judged anew each time: a phone taken off file in between
    is not told a balance again, and one that was registered in between is not refused again.
    """
    return (
        first.state == InboundText.State.ANSWERED
        and first.outcome == verdict.outcome
        and abs(text.received_at - first.received_at) <= REPEATED_WITHIN  # the clock may have been set back
        and commands.normalise(first.body or "") == commands.normalise(text.body or "")
    )


def _judge(text: InboundText, now: datetime) -> Verdict:
    phone = phone_of(text.sender)
    if phone is None:
        return Verdict("no_phone", None)
    in_hour, in_day = texts.answers_lately(text, now)
    if in_hour >= ANSWERS_AN_HOUR or in_day >= ANSWERS_A_DAY:
        return Verdict("too_many", None)
    verdict = _obey(commands.parse(text.body or ""), phone, text, now)
    if verdict.outcome in TO_ANYBODY and _is_crowded_out(phone):
        # A DAFTAR that failed counts all the same; help that nobody got does not.
        return Verdict("crowded" if verdict.outcome == "help" else verdict.outcome, None)
    return verdict


def _is_crowded_out(phone: str) -> bool:
    """Whether so many answers wait that those come first which somebody has a right to. Whoever sends texts by the
    hundred thousand from invented phones must not keep members from their answers."""
    return texts.answers_waiting(MANY_ANSWERS) >= MANY_ANSWERS and not queries.may_ask_for(phone, None)


def _obey(command: commands.Command, phone: str, text: InboundText, now: datetime) -> Verdict:
    match command:
        case commands.Ask(what=What.UNLOCK):
            verdict = Verdict("unlock", answers.unlocking(command.language))
        case commands.Ask():
            verdict = _ask(command, phone, _day_of(text), now=now)
        case commands.Register():
            failed = texts.outcomes_since(text, "register_refused", now - timedelta(days=1))
            verdict = _register(command, phone, may_try=failed < FAILED_REGISTRATIONS_A_DAY, now=now)
            if verdict.outcome == "register_refused":  # whatever is wrong: the time tells nothing
                look_at_phone.defer(inbound_id=text.pk)
        case commands.Help():
            verdict = Verdict("helped", helping.help_text(command.topic, command.language))
        case commands.Letters():
            verdict = _turn_letters(command, phone, now)
        case commands.Malformed():
            verdict = Verdict("malformed", answers.refused(command.language))
        case _:
            was_helped = texts.outcomes_since(text, "help", now - HELP_EVERY) > 0
            verdict = Verdict("unknown", None) if was_helped else Verdict("help", helping.help_text())
    return verdict


def _day_of(text: InboundText) -> date:
    """The fund's day on which the text came, whenever it is answered."""
    return text.received_at.astimezone(FUND_TIME).date()


def _ask(command: commands.Ask, phone: str, today: date, *, now: datetime) -> Verdict:
    """What is asked of the one number that the phone is on file of and registered for; both are looked up anew."""
    members = queries.may_ask_for(phone, command.number)
    if not members:
        return Verdict("refused", answers.refused(command.language))
    member, language = members[0], command.language or members[0].person.language
    if len(members) > 1 and not (command.what in OF_A_PERSON and len({one.person_id for one in members}) == 1):
        return Verdict("several", answers.several(word=commands.word(command.what, language), language=language))
    if command.what is What.LOCK:
        return _lock(member, phone, language, now=now)
    return Verdict(command.what, asking.TOLD[command.what](member, today, language))


def _lock(member: MemberNumber, phone: str, language: str, *, now: datetime) -> Verdict:
    """Lock the person. Who forges the sender can be a nuisance by that, and not more often than so."""
    standing = locks.lock_of(member.person)
    if standing is not None:
        return Verdict("locked", answers.locked(number=member.number, since=standing.since, language=language))
    if locks.locked_from(PLACE, member.person, now - timedelta(days=7)) >= LOCKS_A_WEEK:
        return Verdict("lock_capped", answers.locked_too_often(number=member.number, language=language))
    locking.lock(member.person, place=PLACE, now=now, heard=phone)
    return Verdict("locked", answers.locked(number=member.number, since=None, language=language))


def _register(command: commands.Register, phone: str, *, may_try: bool, now: datetime) -> Verdict:
    """Register the phone on file when birth date and NIK are the member's; after too many failures never."""
    on_file = access.member_number_for_phone(phone, command.number)
    member = access.member_number_for_facts(command.number, born=command.born, nik=command.nik)
    refused = answers.refused(command.language)
    if not may_try:
        return Verdict("register_capped", refused)
    if on_file is None or member is None:
        return Verdict("register_refused", refused)
    _note_registered(member, phone, now=now)
    carrying.start_phone(phone, now=now)
    language = command.language or member.person.language
    return Verdict("registered", answers.registered(number=member.number, language=language))


def _turn_letters(command: commands.Letters, phone: str, now: datetime) -> Verdict:
    """Whether notices come to the phone: its own matter, so nobody is looked up. Codes and warnings always do."""
    if command.wanted:
        carrying.start_phone(phone, now=now)
        return Verdict("started", answers.started(command.language))
    carrying.stop_phone(phone, now=now)
    return Verdict("stopped", answers.stopped(command.language))


def _note_registered(member: MemberNumber, phone: str, *, now: datetime) -> None:
    SmsRegistration.objects.get_or_create(
        member_number=member, phone_index=phone_index(phone), defaults={"registered_at": now}
    )


@app.task(queue=carrying.QUEUE, retry=RetryStrategy(max_attempts=3, exponential_wait=2))
def look_at_phone(inbound_id: int) -> None:
    """The queue's door: whether a DAFTAR that was refused had all facts right, from a phone not on file."""
    note_new_phone(inbound_id, now=timezone.now())


@transaction.atomic
def note_new_phone(inbound_id: int, *, now: datetime) -> None:
    """If it had, the phone is registered, which opens nothing while it is not on file, and the member is asked
    in the account whether it is his. Whoever sent it was told the same as everybody, before this is looked at.
    """
    text = InboundText.objects.get(pk=inbound_id)
    phone, command = phone_of(text.sender), commands.parse(text.body or "")
    if phone is None or not isinstance(command, commands.Register):
        return
    member = access.member_number_for_facts(command.number, born=command.born, nik=command.nik)
    if member is None or queries.registered_since(member, now - timedelta(days=1)) >= NEW_PHONES_A_DAY:
        return
    _note_registered(member, phone, now=now)
    newphones.note_asked(member.person, phone, now=now)
