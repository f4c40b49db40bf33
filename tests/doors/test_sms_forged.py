"""What who forges the sender, and knows a member's number, could do at most (docs/security/texts.md)."""

import re
from pathlib import Path

import pytest
from sms_phone import BORN, DAFTAR, NIK, NUMBER, Handset, make_guide_member, pay_in
from test_read_only import everything_kept

from lumbung.messaging.models import OutboundText
from lumbung.sms import actions
from lumbung.sms.commands import WORDS, What, word

pytestmark = pytest.mark.django_db
# Rows that carry texts and their jobs, whatever a text asks.
CARRIED = ("messaging_inboundtext", "messaging_outboundtext", "procrastinate_jobs", "procrastinate_events")
# What each word changes beside them, as the document says.
STOPS = {"messaging_phonehold"}
CHANGES = {"BERHENTI": STOPS, "KUNCI": {"accounts_lock", "accounts_accessevent"}}


def kept() -> dict[str, str]:
    return {table: digest for table, digest in everything_kept().items() if table not in CARRIED}


@pytest.mark.parametrize("said", [word(what, "id") for what in What])
def test_no_word_changes_more_than_is_written_down(said: str) -> None:
    make_guide_member()
    pay_in(NUMBER, 12_345_678)
    owner = Handset()
    owner.say(DAFTAR)
    before = kept()
    forger = Handset()
    for text in (said, f"{said} {NUMBER}", f"{said} {NUMBER} 02-02-1980 3171010101010009"):
        forger.say(text)
    changed = {table for table, digest in kept().items() if before[table] != digest}
    assert changed == CHANGES.get(said, set())
    told = [text.body or "" for text in OutboundText.objects.all()]
    assert {text.to for text in OutboundText.objects.all()} == {"+6281200000001"}, "the owner's phone and no other"
    for secret in (NUMBER, NIK, f"{BORN:%d-%m-%Y}", "Budi"):
        assert not any(secret in text for text in told)


def test_the_document_names_every_word_and_limit() -> None:
    text = (Path(__file__).parents[2] / "docs" / "security" / "texts.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([A-Z]+)`", text))
    assert {word for word, (_, language) in WORDS.items() if language != "en"} - {
        "DAFTARSALDO",
        "REG",
    } <= named
    assert f"{actions.ANSWERS_AN_HOUR} answers an hour, {actions.ANSWERS_A_DAY} a day" in text
    assert actions.LOCKS_A_WEEK == 3
