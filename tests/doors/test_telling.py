"""Notices: in the inbox always, as the member chose beside it, once a cause, and never at night."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override
from door_users import Users
from letterbox import EMAIL, OTHER_EMAIL, OTHER_PHONE, PHONE, give_contacts
from procrastinate.contrib.django.models import ProcrastinateJob
from pushes import ENDPOINT, subscribe

from lumbung.accounts.contacts import letters
from lumbung.accounts.inbox import queries as inbox
from lumbung.accounts.inbox.actions import Notice
from lumbung.accounts.models import Message, NoticeTimes, User
from lumbung.accounts.telling import actions, facts, queries, quiet, words
from lumbung.accounts.telling.kinds import CHOSEN, KINDS, Channel
from lumbung.messaging import actions as messaging
from lumbung.messaging import gsm
from lumbung.messaging.models import OutboundMail, OutboundPush, OutboundText

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)  # 10:00 in Jakarta
# As long as each of them can get: a wage above a billion, a name that no SMS alphabet holds, September.
LONGEST: dict[str, facts.Fact] = {
    "employer": "PT Sumber Makmur Sentosa “Abadi” Nusantara Tbk 金",
    "month": date(2026, 9, 1),
    "due": date(2026, 10, 15),
    "wage": 9_999_999_999,
    "usual": 9_999_999_999,
    "amount": -3_333_333_333,
    "year": "2025",
    "rate": "10.5555",
    "number": "123456789012",
    "note": "Sudah kami perbaiki. " * 90,
    "headline_id": "x" * 120,
    "headline_en": "y" * 120,
    "at": datetime(2026, 9, 30, 16, 45, tzinfo=UTC),
    "until": datetime(2026, 10, 30, 16, 45, tzinfo=UTC),
}
EVERY_VERSION = [(word, version) for word in words.WORDS for version in range(1, words.newest(word) + 1)]


def tell(user: User, word: str = "contribution_credited", *, now: datetime = NOW, cause: str = "line:1") -> None:
    actions.tell(user, word, now=now, cause=cause, **LONGEST)


def choose(user: User, **given: Iterable[Channel] | bool | time) -> None:
    """What the member chose of these kinds and times; the rest as it is for everybody."""
    wanted = {kind.code: given.pop(kind.code, kind.usual) for kind in CHOSEN}
    times = {"is_quiet": True, "quiet_from": quiet.FROM, "quiet_until": quiet.UNTIL, "stands_in": True}
    actions.choose(user, wanted, **{**times, **given}, place="member", now=NOW)


def sent() -> dict[str, list[str]]:
    """What went into the outboxes for notices, by channel: phone numbers, addresses, pushes."""
    return {
        "sms": [row.to for row in OutboundText.objects.filter(cause__startswith="notice:").order_by("pk")],
        "mail": [row.to for row in OutboundMail.objects.filter(cause__startswith="notice:").order_by("pk")],
        "push": [str(row.pk) for row in OutboundPush.objects.filter(cause__startswith="notice:")],
    }


def fail(channel: Channel) -> Channel | None:
    """The outbox gives up what it has last for a notice, and what the queue then does."""
    outbox = {Channel.SMS: OutboundText, Channel.MAIL: OutboundMail, Channel.PUSH: OutboundPush}[channel]
    row = outbox.objects.filter(cause__startswith="notice:").latest("pk")
    outbox.objects.filter(pk=row.pk).update(state="failed", reason="expired", noted_at=NOW)
    return actions.stand_in(channel, row.pk, now=NOW + timedelta(minutes=1))


# Words


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(("word", "version"), EVERY_VERSION)
def test_each_notice_reads_well_by_each_way_with_the_longest_facts(word: str, version: int, language: str):
    said, kept = words.of(word, version), facts.kept(LONGEST)
    subject, body = actions.mail(said, kept, language)
    assert subject
    for text in (subject, body):
        assert "{" not in text
        assert "http" not in text
    assert "\n" not in subject
    if Channel.SMS in KINDS[words.WORDS[word].kind].brought:
        sms = actions.text(said, kept, language)
        assert (gsm.septets(sms) or 1000) <= gsm.ONE_TEXT, (gsm.septets(sms), sms)
        assert "{" not in sms
        assert "http" not in sms
    with override(language):
        other = {"id": "en", "en": "id"}[language]
        assert actions.mail(said, kept, other) != (subject, body)


@pytest.mark.parametrize("language", ["id", "en"])
def test_each_letter_is_one_text_with_the_longest_facts(language: str):
    device = (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"
    )
    told = {"at": LONGEST["at"], "until": LONGEST["until"], "device": device, "new": "*" * 12 + "0101"}
    for word in letters.WORDS:
        text = letters.text(word, language=language, **told, code="123456", username="x" * 50)  # type: ignore[arg-type]
        assert (gsm.septets(text) or 1000) <= gsm.ONE_TEXT, (word, gsm.septets(text), text)
        assert "http" not in text


def test_an_employers_name_puts_no_link_into_a_text():
    kept = facts.kept({**LONGEST, "employer": "Buka abadi\u200b.com/x"})
    text = actions.text(words.of("contribution_credited", 1), kept, "id")
    assert "Buka abadi com x" in text


def test_every_word_has_a_kind_that_can_be_chosen_and_every_such_kind_a_word():
    assert {word.kind for word in words.WORDS.values()} == {kind.code for kind in CHOSEN}


def test_the_inbox_keeps_what_was_said_and_says_it_in_the_readers_language(users: Users):
    actions.tell(users.member, "announcement", now=NOW, cause="a:1", headline_id="Jam buka", headline_en="Hours")
    message = Message.objects.get()
    with override("id"):
        assert "Jam buka" in inbox.letter(message).title
    with override("en"):
        assert "Hours" in inbox.letter(message).title


# Once


def test_one_cause_is_told_once_and_its_count_is_right(users: Users):
    give_contacts(users.member)
    for _ in range(2):
        tell(users.member, "month_unpaid")
    assert Message.objects.count() == 1
    assert sent() == {"sms": [PHONE], "mail": [EMAIL], "push": []}
    assert users.member.unread == 1
    tell(users.member, "month_unpaid", cause="line:2")
    assert users.member.unread == User.objects.get(pk=users.member.pk).unread == 2


def test_the_same_cause_twice_in_one_set_and_for_two_members(users: Users):
    notices = [Notice(user.pk, "month_unpaid", "line:1", LONGEST) for user in users.people for _ in range(2)]
    assert actions.tell_all(notices, now=NOW) == 2, "each member once; employers and officers have no inbox"


@pytest.mark.parametrize("off", [{"is_active": False}, {"is_confirmed": False, "registered_at": NOW}])
def test_whose_account_does_not_work_is_told_nothing(users: Users, off: dict[str, object]):
    User.objects.filter(pk=users.member.pk).update(**off)
    tell(users.member)
    assert not Message.objects.exists()


def test_a_set_takes_no_more_statements_for_reading_than_one(users: Users):
    choose(users.member, contribution=())
    choose(users.other_member, contribution=())
    both = [
        Notice(user.pk, "contribution_credited", "l:1", LONGEST) for user in (users.member, users.other_member)
    ]
    with CaptureQueriesContext(connection) as one:
        actions.tell_all(both[:1], now=NOW)
    with CaptureQueriesContext(connection) as two:
        assert actions.tell_all([*both, replace(both[0], cause="l:2")], now=NOW) == 2
    assert len(two) == len(one)


def test_many_go_out_at_once_by_one_job_and_no_more_statements_than_one(users: Users):
    """Also by all ways at once, and for many members."""
    for user, phone, email in ((users.member, PHONE, EMAIL), (users.other_member, OTHER_PHONE, OTHER_EMAIL)):
        give_contacts(user, phone=phone, email=email)
        subscribe(user, endpoint=f"{ENDPOINT}/{user.pk}", device=f"gawai {user.pk}")
        choose(user, contribution=list(Channel))
    counted = []
    for count in (1, 30):
        ProcrastinateJob.objects.filter(queue_name__in=["texts", "mail", "push"]).delete()
        many = [
            Notice(user.pk, "contribution_credited", f"l:{count}:{each}", LONGEST)
            for each in range(count)
            for user in (users.member, users.other_member)
        ]
        with CaptureQueriesContext(connection) as statements:
            assert actions.tell_all(many, now=NOW) == 2 * count
        counted.append(len(statements))
        assert sorted(ProcrastinateJob.objects.values_list("queue_name", flat=True)) == ["mail", "push", "texts"]
    assert counted[0] == counted[1]
    for outbox in (OutboundText, OutboundMail, OutboundPush):
        assert outbox.objects.filter(not_before=NOW, state="queued").count() == 2 + 60


def test_a_barred_phone_in_a_set_fails_at_once_and_another_way_stands_in(users: Users):
    give_contacts(users.member)
    choose(users.member, month_unpaid=(Channel.SMS,))
    messaging.stop_phone(PHONE, now=NOW)
    tell(users.member, "month_unpaid")
    assert OutboundText.objects.values_list("state", "reason").get() == ("failed", "stopped")
    (job,) = ProcrastinateJob.objects.filter(task_name="lumbung.accounts.telling.actions.fall_back")
    assert actions.stand_in(Channel(job.args["channel"]), job.args["outbox_id"], now=NOW) is Channel.MAIL
    assert actions.stand_in(Channel.SMS, job.args["outbox_id"], now=NOW) is None


# Ways


def test_by_the_usual_ways_until_the_member_chooses(users: Users):
    give_contacts(users.member)
    subscribe(users.member)
    tell(users.member, cause="line:1")
    assert {way: len(to) for way, to in sent().items()} == {"sms": 0, "mail": 1, "push": 1}
    choose(users.member, contribution=[Channel.SMS])
    tell(users.member, cause="line:2")
    assert {way: len(to) for way, to in sent().items()} == {"sms": 1, "mail": 1, "push": 1}
    choose(users.member, contribution=())
    tell(users.member, cause="line:3")
    assert {way: len(to) for way, to in sent().items()} == {"sms": 1, "mail": 1, "push": 1}
    assert Message.objects.count() == 3, "the inbox always"


def test_what_is_chosen_for_one_kind_holds_for_it_alone(users: Users):
    give_contacts(users.member)
    choose(users.member, contribution=())
    tell(users.member, "card_made")
    assert sent()["mail"] == [EMAIL]


def test_the_phone_on_file_serves_whoever_confirmed_none(users: Users):
    person = users.member.person
    assert person is not None
    person.phone = "+6281200000777"
    person.save()
    tell(users.member, "month_unpaid")
    assert sent()["sms"] == ["+6281200000777"]


def test_a_push_tells_nothing_and_goes_to_each_device(users: Users):
    subscribe(users.member, endpoint="https://fcm.googleapis.com/fcm/send/1", device="a")
    subscribe(users.member, endpoint="https://fcm.googleapis.com/fcm/send/2", device="b")
    tell(users.member)
    assert {row.payload for row in OutboundPush.objects.all()} == {'{"say": "news", "in": "id"}'}
    assert len(sent()["push"]) == 2


def test_it_is_told_in_the_members_language(users: Users):
    give_contacts(users.member)
    User.objects.filter(pk=users.member.pk).update(language="en")
    tell(users.member, "month_unpaid")
    assert "has not paid your contribution for Sep 2026" in (OutboundText.objects.get().body or "")
    assert OutboundMail.objects.get().subject == "September 2026 was not paid for you"


# Another way


def test_another_way_stands_in_once_each_and_then_it_is_over(users: Users):
    give_contacts(users.member)
    subscribe(users.member)
    choose(users.member, month_unpaid=[Channel.PUSH])
    tell(users.member, "month_unpaid")
    assert {way: len(to) for way, to in sent().items()} == {"sms": 0, "mail": 0, "push": 1}
    assert fail(Channel.PUSH) is Channel.SMS
    assert actions.stand_in(Channel.PUSH, OutboundPush.objects.get().pk, now=NOW) is None, "the queue may repeat"
    assert fail(Channel.SMS) is Channel.MAIL
    assert fail(Channel.MAIL) is None
    assert {way: len(to) for way, to in sent().items()} == {"sms": 1, "mail": 1, "push": 1}


def test_nothing_stands_in_while_another_way_may_still_bring_it(users: Users):
    give_contacts(users.member)
    subscribe(users.member)
    tell(users.member, "month_unpaid")
    assert fail(Channel.PUSH) is None, "SMS and mail are under way"
    assert fail(Channel.SMS) is None
    assert fail(Channel.MAIL) is None, "and all three were tried"


def test_a_text_stands_in_only_where_somebody_must_act(users: Users):
    give_contacts(users.member, email=None)
    tell(users.member)
    assert sent() == {"sms": [], "mail": [], "push": []}, "a contribution came in: that is no text's worth"
    choose(users.member, month_unpaid=[Channel.MAIL])
    tell(users.member, "month_unpaid", cause="u:1")
    assert sent()["sms"] == [PHONE], "no mail address, so another way at once"


def test_who_wants_no_other_way_gets_none(users: Users):
    give_contacts(users.member)
    choose(users.member, month_unpaid=[Channel.MAIL], stands_in=False)
    tell(users.member, "month_unpaid")
    assert fail(Channel.MAIL) is None
    assert OutboundMail.objects.get().falls_back is False


def test_what_is_old_stands_in_the_inbox_and_is_brought_no_more(users: Users):
    give_contacts(users.member)
    choose(users.member, month_unpaid=[Channel.MAIL])
    tell(users.member, "month_unpaid", now=NOW - timedelta(days=5))
    assert fail(Channel.MAIL) is None


def test_what_brings_no_notice_is_passed_over(users: Users):
    text = messaging.send(to=PHONE, body="Halo", now=NOW, falls_back=True)
    assert actions.stand_in(Channel.SMS, text.pk, now=NOW) is None
    assert actions.stand_in(Channel.PUSH, 0, now=NOW) is None, "an address that is gone took its pushes along"


# Quiet hours


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "UTC", "Asia/Jayapura"])
@pytest.mark.parametrize(
    ("clock", "hours", "until"),
    [
        ("20:59", (21, 7), None),
        ("21:00", (21, 7), "next 07:00"),
        ("23:59", (21, 7), "next 07:00"),
        ("00:00", (21, 7), "same 07:00"),
        ("06:59", (21, 7), "same 07:00"),
        ("07:00", (21, 7), None),
        ("12:59", (13, 15), None),
        ("13:00", (13, 15), "same 15:00"),
        ("15:00", (13, 15), None),
    ],
)
def test_quiet_hours_by_the_funds_clock_on_both_sides_of_midnight(
    zone: str, clock: str, hours: tuple[int, int], until: str | None
):
    with override_settings(TIME_ZONE=zone):
        here = timezone.get_default_timezone()
        day = date(2026, 3, 2)
        now = datetime.combine(day, time.fromisoformat(clock), here).astimezone(UTC)
        found = quiet.not_before(now, quiet_from=time(hours[0]), quiet_until=time(hours[1]))
        expected = None
        if until is not None:
            which, at = until.split()
            after = day + timedelta(days=which == "next")
            expected = datetime.combine(after, time.fromisoformat(at), here)
        assert found == expected


def test_what_comes_at_night_waits_for_the_morning_but_not_in_the_inbox(users: Users):
    give_contacts(users.member)
    night = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)  # 22:30 in Jakarta
    tell(users.member, "month_unpaid", now=night)
    morning = datetime(2026, 3, 3, 0, 0, tzinfo=UTC)
    assert OutboundText.objects.get().not_before == OutboundMail.objects.get().not_before == morning
    assert Message.objects.get().made_at == night
    choose(users.member, is_quiet=False)
    tell(users.member, "month_unpaid", now=night, cause="u:2")
    assert OutboundText.objects.latest("pk").not_before == night


def test_choosing_again_takes_the_place_of_what_was_chosen(users: Users):
    choose(users.member, contribution=[Channel.SMS], quiet_from=time(22))
    choose(users.member, contribution=[Channel.MAIL], quiet_from=time(23))
    choice = queries.choice_of(users.member)
    assert choice.channels(KINDS["contribution"]) == {Channel.MAIL}
    assert NoticeTimes.objects.get().quiet_from == time(23)
    assert choice.channels(KINDS["announcement"]) == KINDS["announcement"].usual
    assert queries.choice_of(users.other_member).quiet_from == quiet.FROM
