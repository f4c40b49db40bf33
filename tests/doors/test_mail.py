"""Mail reaches a real server by every protection, says what it must and no more; no fault loses or breaks it."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from smtplib import SMTPException
from urllib.parse import quote
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from smtp_server import PASSWORD, USER, Authority, Post, make_authority, serving, speaking

from lumbung.accounts.contacts import letters as contacts
from lumbung.accounts.registration import letters as registration
from lumbung.cli import main
from lumbung.messaging import actions as messaging
from lumbung.messaging.mail import sending, smtp, trouble
from lumbung.messaging.mail.actions import MAILS
from lumbung.messaging.mail.drawing import draw
from lumbung.messaging.mail.message import Written
from lumbung.messaging.mail.sending import Lines, NotForAnybody, is_final
from lumbung.messaging.mail.server import check_authorities, read_sender, read_url
from lumbung.messaging.mail.transports import SMTP
from lumbung.messaging.models import OutboundMail
from lumbung.messaging.outbox import actions as outbox

NOW = datetime(2026, 11, 30, 3, 15, tzinfo=UTC)
CODED = "Your code to log in to Lumbung:\n\n314159\n\nIt is valid for 10 minutes."


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def lines() -> Iterator[Lines]:
    lines = Lines()
    yield lines
    lines.end()


@pytest.fixture
def url(settings: LazySettings, authority: Authority) -> Iterator[Callable[..., None]]:
    """Points the settings at a port."""
    settings.LUMBUNG_PUBLIC_URL = "https://dana.test"
    settings.DEFAULT_FROM_EMAIL = "Dana Uji, Jakarta <no-reply@dana.test>"
    settings.LUMBUNG_SMTP_CA_FILE = authority.file

    def point(port: int, tls: str = "off", *, user: str = "", host: str = "localhost", more: str = "") -> None:
        settings.LUMBUNG_SMTP_URL = f"smtp://{user}{host}:{port}?tls={tls}{more}"

    yield point
    SMTP.lines.end()


def letter(body: str = CODED, *, to: str = "sari@contoh.test", **more: str) -> Written:
    return Written(uuid4(), to, more.pop("subject", "Your code to log in"), body, NOW, "en", **more)


def send(lines: Lines, written: Written) -> str:
    return lines.send(written, sending.configured())


LOG_IN = f"{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@"


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # of the server in the test
@pytest.mark.parametrize("with_log_in", [False, True])
@pytest.mark.parametrize("tls", ["start", "on", "off"])
def test_a_mail_arrives_by_each_protection(authority, url, lines, tls: str, with_log_in: bool):
    post = Post()
    with serving(post, tls=tls, authority=authority, with_log_in=with_log_in) as port:
        url(port, tls, user=LOG_IN if with_log_in else "")
        assert send(lines, letter()) == "250 2.0.0 kept as 1"
        lines.end()
    [arrived] = post.arrived
    assert (arrived.sender, arrived.to) == ("no-reply@dana.test", "sari@contoh.test")
    assert len(post.logged_in) == (1 if with_log_in else 0)


def test_its_headers_are_these_and_name_nobody(url, lines):
    post, written = Post(), letter()
    with serving(post, tls="off") as port:
        url(port)
        send(lines, written)
        send(lines, written)
        lines.end()
    first, second = post.arrived
    assert first.content == second.content  # a mail that comes twice can be known
    message = first.message
    assert message.defects == []
    boundary = f"=_{written.reference.hex}"
    assert dict(message.items()) == {
        "From": '"Dana Uji, Jakarta" <no-reply@dana.test>',
        "To": "sari@contoh.test",
        "Subject": "Your code to log in",
        "Date": "Mon, 30 Nov 2026 03:15:00 +0000",
        "Message-ID": f"<{written.reference}@dana.test>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/alternative; boundary="{boundary}"',
    }
    assert max(map(len, first.content.split(b"\r\n"))) <= 78
    assert first.content.isascii()


def test_both_parts_say_the_same_and_nothing_comes_from_elsewhere(url, lines, settings):
    settings.LUMBUNG_NAME = "Dana <Uji> & Kawan"
    body = 'First line\nsecond <b>line</b> & "more".\n\n.\n\nCode: 314159. https://dana.test/link/x/ 12345678'
    post = Post()
    with serving(post, tls="off") as port:
        url(port)
        send(lines, letter(body))
        lines.end()
    plain, html = post.arrived[0].message.iter_parts()
    assert plain.get_content_type(), html.get_content_type() == ("text/plain", "text/html")
    foot = "Dana <Uji> & Kawan. This mail was written by a machine; nobody reads an answer to it."
    assert plain.get_content() == f"{body}\n\n-- \n{foot}\n"
    drawn = html.get_content()
    assert '<html lang="en">' in drawn
    assert "First line<br>second &lt;b&gt;line&lt;/b&gt; &amp; &quot;more&quot;." in drawn
    assert "Dana &lt;Uji&gt; &amp; Kawan" in drawn
    assert re.findall(r"<strong[^>]*>(.*?)</strong>", drawn) == ["314159"]
    # Beside a code there is no link, and in no mail a picture, a script, or anything else to fetch.
    assert not re.search(
        r"<a\b|href|src=|url\(|@import|<img|<link|<script|<form|<iframe|background=|//",
        drawn.replace("https://dana.test/link/x/", ""),
    )


def test_only_an_address_of_ours_is_a_link_and_shows_where_it_leads(url, lines):
    body = (
        "Open https://dana.test/register/link/abc:DEF_-/\nnot https://dana.test.evil.example/x or http://x.test/"
    )
    post = Post()
    with serving(post, tls="off") as port:
        url(port)
        send(lines, letter(body, stops_at="https://dana.test/stop-mail/abc/"))
        lines.end()
    message = post.arrived[0].message
    assert message["List-Unsubscribe"] == "<https://dana.test/stop-mail/abc/>"
    html = message.get_body(("html",)).get_content()
    address = "https://dana.test/register/link/abc:DEF_-/"
    assert re.findall(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', html) == [(address, address)]


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\0"])
def test_no_subject_name_or_address_begins_a_header(url, lines, settings, break_: str):
    post = Post()
    with serving(post, tls="off") as port:
        url(port)
        settings.DEFAULT_FROM_EMAIL = f"Dana{break_}Bcc: x@evil.example <no-reply@dana.test>"
        send(lines, letter(subject=f"Hello{break_}Bcc: x@evil.example{break_}{break_}<b>body"))
        for to in (
            f"sari@contoh.test{break_}Bcc: x@evil.example",
            f"sari{break_}@contoh.test",
            "a@b.test,c@d.test",
            "sari@contoh.test> SIZE=1",
            "<sari@contoh.test>",
            "Sari <sari@contoh.test>",
            "@contoh.test",
            "sari",
        ):
            with pytest.raises(NotForAnybody) as refused:
                send(lines, letter(to=to))
            assert is_final(refused.value)
            assert str(refused.value) == ""
        lines.end()
    [arrived] = post.arrived
    assert "bcc" not in [name.lower() for name in arrived.message]
    assert arrived.to == "sari@contoh.test"
    assert arrived.message["Subject"] == "Hello Bcc: x@evil.example <b>body"
    assert arrived.message["From"].addresses[0].addr_spec == "no-reply@dana.test"


def test_names_in_other_letters_arrive(url, lines, settings):
    post = Post()
    with serving(post, tls="off") as port:
        url(port)
        settings.DEFAULT_FROM_EMAIL = "Dāna Pensiun Ünggul, Jakarta Selatan dan Sekitarnya <no-reply@dana.test>"
        subject = "Iuran Anda untuk Oktober 2026 – dibayar " + "“lunas” " * 12
        send(lines, letter(to="sari@straße.test", subject=subject))
        send(lines, letter(to="ñandú@contoh.test"))
        lines.end()
    by_domain, by_letters = post.arrived
    assert by_domain.to == "sari@xn--strae-oqa.test"  # not strasse.test, which is another domain
    assert by_domain.content.isascii()
    assert by_domain.message["Subject"] == subject.strip()
    assert by_domain.message["From"].addresses[0].display_name.startswith("Dāna Pensiun Ünggul, Jakarta")
    assert by_letters.to == "ñandú@contoh.test"
    assert "SMTPUTF8" in by_letters.options
    assert by_letters.message["To"] == "ñandú@contoh.test"


def test_letters_that_the_server_does_not_take_are_final(url, lines):
    post = Post()
    with serving(post, tls="off", utf8=False) as port:
        url(port)
        with pytest.raises(NotForAnybody) as refused:
            send(lines, letter(to="ñandú@contoh.test"))
        send(lines, letter())
        lines.end()
    assert is_final(refused.value)
    assert len(post.arrived) == 1


def test_one_connection_takes_several_mails_and_a_refused_one_among_them(url, lines, monkeypatch):
    monkeypatch.setattr(sending, "MAILS_A_CONNECTION", 4)
    post = Post(at={"RCPT": ["", "550 5.1.1 no such user", ""]})
    with serving(post, tls="off") as port:
        url(port)
        send(lines, letter())
        with pytest.raises(SMTPException, match="no such user") as refused:
            send(lines, letter())
        for _ in range(3):
            send(lines, letter())
        lines.end()
    assert is_final(refused.value)
    callers = [each.caller for each in post.arrived]
    assert len(set(callers)) == 2
    assert callers[0] == callers[1] == callers[2] != callers[3]


def test_a_kept_connection_that_ended_costs_nothing(url, lines):
    post = Post(at={"MAIL": ["", "421 4.4.2 idle for too long", "", "end", ""]})
    with serving(post, tls="off") as port:
        url(port)
        for _ in range(3):
            send(lines, letter())
        lines.end()
    assert len(post.arrived) == len({each.caller for each in post.arrived}) == 3


@pytest.mark.parametrize(
    ("step", "answer", "final", "words"),
    [
        ("RCPT", "451 4.7.1 greylisted, come again", False, "That passes"),
        ("RCPT", "550 5.1.1 no such user", True, 'refused the address: "550 5.1.1 no such user".'),
        ("RCPT", "554 5.7.1 relay access denied", True, "relay access denied"),
        ("RCPT", "530 5.7.0 log in first", False, "log in first"),
        ("MAIL", "553 5.7.1 not your sender", False, "does not take mail from this sender"),
        ("DATA", "452 4.3.1 disk full", False, 'refused the mail itself: "452 4.3.1 disk full". That passes'),
        ("DATA", "554 5.7.1 looks like junk", True, "looks like junk"),
    ],
)
def test_what_passes_is_told_from_what_is_final(url, lines, step: str, answer: str, final: bool, words: str):
    post = Post(at={step: [answer]})
    with serving(post, tls="off") as port:
        url(port)
        with pytest.raises(SMTPException, match=answer[:3]) as problem:
            send(lines, letter())
        assert is_final(problem.value) is final
        assert words in trouble.words(problem.value, sending.configured())
        send(lines, letter())
        lines.end()
    assert len(post.arrived) == 1


def test_a_connection_cut_after_the_mail_went_over_is_an_open_question(url, lines):
    """Nobody knows whether the server has it, so it is not silently sent again on the spot: the outbox decides."""
    post = Post(at={"DATA": ["", "end"]})
    with serving(post, tls="off") as port:
        url(port)
        send(lines, letter())
        with pytest.raises((OSError, SMTPException)) as problem:
            send(lines, letter())
        lines.end()
        assert not is_final(problem.value)
        assert "in the midst of it" in trouble.words(problem.value, sending.configured())
    assert len(post.arrived) == 2


def test_a_server_that_is_silent_or_drips_is_given_up(url, lines, monkeypatch):
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async def dripping(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"2")
            await writer.drain()
            await asyncio.sleep(0.05)

    # Who drips may pause for longer than a second on a busy machine, and is not silent for it.
    ways = ((silent, 1, "did not answer within 1 seconds"), (dripping, 60, "answers so slowly"))
    for says, seconds, words in ways:
        if says is dripping:
            monkeypatch.setattr(smtp, "WHOLE_SECONDS", 0.4)
        with speaking(says) as port:
            url(port, more=f"&timeout={seconds}")
            with pytest.raises((OSError, SMTPException)) as problem:
                send(lines, letter())
            assert not is_final(problem.value)
            assert words in trouble.words(problem.value, sending.configured())


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_certificate_that_is_not_trusted_or_for_another_name_gets_no_mail_and_no_password(
    url, lines, settings, authority, tmp_path: Path
):
    post = Post()
    strangers = make_authority(tmp_path / "strangers")
    others = make_authority(tmp_path / "others", name="mail.elsewhere.test")
    for tls in ("start", "on"):
        for by, trusted, words in (
            (authority, strangers, "LUMBUNG_SMTP_CA_FILE"),
            (authority, None, "the system's authorities"),
            (others, others, "for another name"),
        ):
            with serving(post, tls=tls, authority=by, with_log_in=True) as port:
                url(port, tls, user=LOG_IN)
                settings.LUMBUNG_SMTP_CA_FILE = trusted.file if trusted else ""
                with pytest.raises(OSError) as problem:
                    send(lines, letter())
                assert not is_final(problem.value)
                assert words in trouble.words(problem.value, sending.configured())
    assert post.arrived == post.logged_in == []


def test_wrong_ways_to_the_server_are_said_in_words(url, lines, authority):
    post = Post()
    with serving(post, tls="off") as port:
        for tls, user, words in (
            ("start", "", "offers no STARTTLS"),
            ("on", "", "does not speak TLS as asked"),
            ("off", LOG_IN, "lets nobody log in here"),
        ):
            url(port, tls, user=user)
            with pytest.raises((OSError, SMTPException)) as problem:
                send(lines, letter())
            assert words in trouble.words(problem.value, sending.configured())
    with serving(post, tls="start", authority=authority, with_log_in=True) as port:
        url(port, "start", user="dana:wrong@")
        with pytest.raises((OSError, SMTPException)) as problem:
            send(lines, letter())
        said = trouble.words(problem.value, sending.configured())
        assert "refused user or password" in said
        assert "wrong" not in said.replace("user or password", "")
    url(port, "start")
    with pytest.raises(OSError) as problem:
        send(lines, letter())
    assert "Nothing listens at localhost" in trouble.words(problem.value, sending.configured())
    assert post.arrived == []


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://relay.test", "must begin with smtp://"),
        ("smtp://", "has no host"),
        ("smtp://dana:p@ss@relay.test", "write @ as %40"),
        ("smtp://dana:p#ss@relay.test", "# as %23"),
        ("smtp://dana:secret@relay.test/inbox", "has no host that can be read"),
        ("smtp://dana@relay.test", "a user without a password"),
        ("smtp://relay.test:0", "no number from 1 to 65535"),
        ("smtp://relay.test:smtp", "no number from 1 to 65535"),
        ("smtp://dana:secret@relay.test?tls=off", "without TLS mail goes to this machine alone"),
        ("smtp://relay.test?tls=yes", "says tls=yes"),
        ("smtps://relay.test?tls=start", "not the same"),
        ("smtp://relay.test?ssl=on", "has ssl behind the question mark"),
        ("smtp://relay.test?timeout=0", "from 1 to 60"),
        ("smtp://relay..test?tls=off", "without TLS"),
    ],
)
def test_a_wrong_address_of_the_server_says_what_is_wrong_and_no_password(address: str, words: str):
    with pytest.raises(ImproperlyConfigured) as wrong:
        read_url(address)
    assert words in str(wrong.value)
    assert "secret" not in str(wrong.value)
    assert str(wrong.value).startswith("LUMBUNG_SMTP_URL ")


def test_a_right_address_of_the_server_is_read():
    assert read_url("smtps://dana%40x.test:p%3A%25@relay.test").port == 465
    server = read_url("smtp://dana%40x.test:p%3A%25@relay.test?timeout=5")
    assert (server.port, server.tls, server.user, server.password, server.timeout) == (
        587,
        "start",
        "dana@x.test",
        "p:%",
        5,
    )
    assert "p:%" not in repr(server)
    assert [read_url(f"smtp://{host}?tls=off").port for host in ("127.0.0.9", "[::1]", "localhost")] == [
        25,
        25,
        25,
    ]


@pytest.mark.parametrize("sender", ["", "dana", "Dana <dana>", "Dana <a@dana.test, b@dana.test>", "a@b.test <x"])
def test_a_wrong_sender_says_so(sender: str):
    with pytest.raises(ImproperlyConfigured, match="LUMBUNG_MAIL_FROM must look like"):
        read_sender(sender)


def test_nothing_starts_with_a_wrong_server():
    wrong = {**os.environ, "LUMBUNG_SMTP_URL": "smtp://relay.test?tls=off"}
    begun = [sys.executable, "-c", "import lumbung.config.settings"]
    done = subprocess.run(begun, env=wrong, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "without TLS" in done.stderr


def test_a_file_of_no_authority_says_so(tmp_path: Path):
    (tmp_path / "authority.pem").write_text("no certificate")
    with pytest.raises(ImproperlyConfigured, match="holds no certificate in PEM"):
        check_authorities(str(tmp_path / "authority.pem"))


def test_the_operator_reads_what_the_server_answered(authority: Authority, url, settings, monkeypatch):
    monkeypatch.setattr("lumbung.cli.django.setup", lambda: None)
    post, run = Post(at={"RCPT": ["", "550 5.1.1 no such user"]}), CliRunner()
    with serving(post, tls="start", authority=authority) as port:
        url(port, "start")
        good = run.invoke(main, ["mail", "test", "sari@contoh.test", "--language", "id"])
        bad = run.invoke(main, ["mail", "test", "sari@contoh.test"])
        none = run.invoke(main, ["mail", "test", "sari"])
    assert (good.exit_code, bad.exit_code, none.exit_code) == (0, 1, 1)
    assert 'Taken. The server answered: "250 2.0.0 kept as 1"' in good.output
    assert "TLSv1.3, certificate trusted" in good.output
    assert 'refused the address: "550 5.1.1 no such user".' in bad.output
    assert "This can't be written to: it is no mail address" in none.output
    [arrived] = post.arrived
    assert arrived.message["Subject"] == "Percobaan: email terkirim"
    settings.LUMBUNG_SMTP_URL = ""
    unset = run.invoke(main, ["mail", "test", "sari@contoh.test"])
    assert "LUMBUNG_SMTP_URL is not set" in unset.output


@pytest.mark.parametrize("language", ["id", "en"])
def test_no_letter_that_exists_has_a_link_but_the_registrations_own(language: str, settings: LazySettings):
    settings.LUMBUNG_PUBLIC_URL = "https://dana.test"
    facts = {"code": "314159", "username": "sari", "new": "b***", "device": "Android", "at": NOW, "until": NOW}
    written_ = {word: contacts.mail(word, language=language, **facts) for word in contacts.WORDS}
    made = (registration.ended, registration.contact_in_use, registration.account_made)
    code = registration.code("314159", language=language)
    others = (code, *(letter(language=language) for letter in made))
    written_ |= {letter.subject: (letter.subject, letter.body) for letter in others}
    assert len(written_) > 20
    for word, (subject, body) in written_.items():
        drawn = draw(subject, body, language=language)
        assert "<a " not in drawn.html, word
        assert drawn.html.count("<strong") == drawn.plain.count("314159") <= 1, word
        assert "dana.test" not in drawn.plain, word
    link = registration.link("/register/link/x/", ["9012"], NOW, language=language)
    html = draw(link.subject, link.body, language=language).html
    assert re.findall(r'<a [^>]*href="([^"]*)"', html) == ["https://dana.test/register/link/x/"]
    assert (link.lasts, code.lasts) == (timedelta(days=1), timedelta(minutes=10))


# From the outbox


def deliver(at: datetime) -> None:
    outbox.deliver(MAILS, clock=lambda: at)


def rows() -> list[tuple[str, str, int]]:
    found = OutboundMail.objects.order_by("pk")
    return [(mail.state, mail.reason, mail.attempts) for mail in found]


def test_what_becomes_of_mails_in_the_outbox(db, url):
    """A hesitant mailbox holds nobody else up, a closed one ends its mail, a cut line repeats the same bytes."""
    post = Post(at={f"RCPT uji{number}@contoh.test": ["451 4.7.1 come again"] for number in range(4)})
    post.at["RCPT uji4@contoh.test"], post.at["DATA uji5@contoh.test"] = ["550 5.1.1 no such user"], ["end"]
    with serving(post, tls="off") as port:
        url(port)
        for number in range(6):
            messaging.send_mail(to=f"uji{number}@contoh.test", subject="Uji", body="Uji", now=NOW, language="en")
        deliver(NOW)
        waits = ("queued", "", 1)
        assert rows() == [waits, waits, waits, waits, ("failed", "refused", 1), waits]
        deliver(NOW + timedelta(minutes=1))
    assert [state for state, _, _ in rows()] == ["sent"] * 4 + ["failed", "sent"]
    assert sorted(each.to[3] for each in post.arrived) == ["0", "1", "2", "3", "5", "5"]
    first, second = (each.content for each in post.arrived if each.to[3] == "5")
    assert first == second
    assert post.arrived[0].message["Content-Language"] == "en"


def test_a_server_that_is_away_is_left_alone_and_found_again(db, url):
    post = Post()
    with serving(post, tls="off") as port:
        pass
    url(port)
    for number in range(5):
        messaging.send_mail(to=f"uji{number}@contoh.test", subject="Uji", body="Uji", now=NOW)
    deliver(NOW)
    assert sum(attempts for _, _, attempts in rows()) == 5
    assert {state for state, _, _ in rows()} == {"queued"}
    deliver(NOW + timedelta(seconds=5))
    with serving(post, tls="off") as port:
        url(port)
        deliver(NOW + timedelta(minutes=2))
    assert {state for state, _, _ in rows()} == {"sent"}
    assert len(post.arrived) == 5
