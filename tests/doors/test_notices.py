"""The page on which a member chooses how to be told, and the officers' page of all notices."""

from collections.abc import Callable
from datetime import time

import pytest
from django.test import Client
from django.utils.html import escape
from door_users import Users
from letterbox import give_contacts

from lumbung.accounts.contacts import letters
from lumbung.accounts.models import AccessEvent, NoticeChoice, User
from lumbung.accounts.telling import examples, queries, words
from lumbung.accounts.telling.kinds import CHOSEN, FIXED, KINDS, Channel
from lumbung.messaging import gsm

Enter = Callable[[User], Client]
PATH = "/account/notices/"
USUAL = {kind.code: sorted(kind.usual) for kind in CHOSEN}
TIMES = {"is_quiet": "on", "quiet_from": "21:00", "quiet_until": "07:00", "stands_in": "on"}


def page(client: Client, language: str = "en", path: str = PATH) -> str:
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_member_chooses_for_each_kind_and_reads_what_cannot_be_switched_off(users: Users, enter: Enter):
    give_contacts(users.member)
    client = enter(users.member)
    shown = page(client)
    for kind in (*CHOSEN, *FIXED):
        assert kind.title in shown
        assert kind.title not in page(client, "id"), kind.code
    assert "0101" in shown
    assert "s•••@c•••.test" in shown
    sent = {**USUAL, **TIMES, "contribution": ["sms"], "month_unpaid": [], "quiet_from": "22:00"}
    answer = client.post(PATH, sent)
    assert (answer.status_code, answer["Location"]) == (302, PATH)
    choice = queries.choice_of(users.member)
    assert choice.channels(KINDS["contribution"]) == {Channel.SMS}
    assert choice.channels(KINDS["month_unpaid"]) == frozenset()
    assert (choice.quiet_from, choice.is_quiet, choice.stands_in) == (time(22), True, True)
    assert '<option value="22:00" selected>' in page(client)
    assert queries.choice_of(users.other_member).channels(KINDS["contribution"]) == KINDS["contribution"].usual


def test_a_change_stands_in_the_access_log_and_saving_the_same_again_does_not(users: Users, enter: Enter):
    client = enter(users.member)
    for sent in ({**USUAL, **TIMES}, *[{**USUAL, **TIMES, "contribution": ["sms"]}] * 2):
        assert client.post(PATH, sent).status_code == 302
    event = AccessEvent.objects.get(what="notices_changed")
    assert (event.user, event.actor, event.person, event.place) == (
        users.member,
        users.member,
        users.member.person,
        "member",
    )
    assert "How you are told of news was changed." in page(client, path="/account/access/")
    assert client.post(PATH, {**USUAL, **TIMES, "contribution": ["sms"], "quiet_from": "22:00"}).status_code == 302
    assert AccessEvent.objects.filter(what="notices_changed").count() == 2


def test_all_off_is_all_off(users: Users, enter: Enter):
    enter(users.member).post(PATH, {"quiet_from": "21:00", "quiet_until": "07:00"})
    choice = queries.choice_of(users.member)
    assert not any(choice.channels(kind) for kind in CHOSEN)
    assert all(choice.channels(kind) == set(Channel) for kind in FIXED), "but never what protects the account"
    assert not choice.is_quiet
    assert not choice.stands_in


@pytest.mark.parametrize(
    "wrong",
    [
        {"quiet_until": "21:00"},
        {"quiet_from": "25:00"},
        {"contribution": ["pigeon"]},
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(users: Users, enter: Enter, wrong: dict[str, object]):
    answer = enter(users.member).post(PATH, {**USUAL, **TIMES, **wrong})
    assert answer.status_code == 400
    assert not NoticeChoice.objects.exists()


# The officers' page


@pytest.mark.parametrize("language", ["id", "en"])
def test_officers_see_every_notice_in_every_version_language_and_way(users: Users, enter: Enter, language: str):
    client = enter(users.officer)
    overview = page(client, language, "/office/notices/")
    named = [word for _, group in examples.all_words() for word in group]
    assert set(named) == set(words.WORDS) | (set(letters.WORDS) - examples.ASKED_FOR)
    assert len(named) == len(set(named)), "each stands under one kind"
    for word in named:
        assert f"/office/notices/{word}/" in overview
    shown = page(client, language, "/office/notices/wage_lower/")
    for words_of in ("A lower wage was reported", "dilaporkan lebih rendah", "4.850.000", "4,850,000"):
        assert words_of in shown


def test_the_page_of_each_notice_says_it_whole(users: Users, enter: Enter):
    client = enter(users.officer)
    for word in [word for _, group in examples.all_words() for word in group]:
        shown = page(client, "en", f"/office/notices/{word}/")
        assert "{" not in shown.partition("<main")[2].partition("</main>")[0], word
        for one in examples.examples(word):
            assert escape(one.title) in shown, word
            assert not one.sms or gsm.septets(one.sms) == one.septets is not None, word


def test_an_unknown_notice_is_not_there(users: Users, enter: Enter):
    assert enter(users.officer).get("/office/notices/reset_code/").status_code == 404
