"""The demo's phone: the page and `lumbung sms say`, both through a real HTTP server."""

import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, build_opener

import pytest
from click.testing import CliRunner, Result
from django.conf import LazySettings
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.urls import clear_url_caches, include, path
from sms_phone import DAFTAR, NUMBER, SALDO, STRANGER, Handset, make_guide_member, pay_in, work_off
from sms_server import one_thread_server

from lumbung.cli import sms as command
from lumbung.config.urls import member as members_door
from lumbung.messaging.models import InboundText
from lumbung.messaging.simulator import NotHandedIn, hand_in
from lumbung.sms import answers, simulator


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> Iterator[None]:
    """The members' door as the demo has it."""
    settings.LUMBUNG_DEMO = True
    patterns = [
        entry for entry in members_door.urlpatterns if "simulator" not in str(getattr(entry, "pattern", ""))
    ]
    phone = path("simulator/", include("lumbung.sms.simulator_urls"))
    monkeypatch.setattr(members_door, "urlpatterns", [*patterns, phone])
    clear_url_caches()
    yield
    clear_url_caches()


@pytest.fixture
def server(clone: object, demo: None, settings: LazySettings) -> Iterator[str]:
    """The guide's member behind a server at the public address."""
    make_guide_member()
    pay_in(NUMBER, 250_000)
    with one_thread_server() as address:
        settings.LUMBUNG_PUBLIC_URL = address
        yield address


def page(response: HttpResponse) -> str:
    return response.content.decode()


@pytest.mark.usefixtures("demo")
class TestPage:
    @pytest.mark.django_db
    @pytest.mark.parametrize("language", ["id", "en"])
    def test_shows_the_guides_phone_and_texts(self, language: str) -> None:
        response = Client().get("/simulator/", headers={"Accept-Language": language})
        assert response.status_code == 200
        assert f'<html lang="{language}"' in page(response)
        assert all(text in page(response) for text in (DAFTAR, SALDO, "0812 0000 0001", "2757"))
        assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son[a-z]+=", page(response))

    @pytest.mark.django_db
    def test_is_not_there_outside_the_demo(self, settings: LazySettings) -> None:
        settings.LUMBUNG_DEMO = False
        assert Client().get("/simulator/").status_code == 404

    @pytest.mark.django_db
    @pytest.mark.parametrize("sender", ["2757", "TELKOMSEL", "", "0812\n0000"])
    def test_only_phones_can_be_picked_up(self, sender: str) -> None:
        client = Client()
        response = client.post("/simulator/", {"sender": sender, "body": "halo"})
        assert response.status_code == 400
        assert 'aria-invalid="true"' in page(response)
        assert not InboundText.objects.exists()

    @pytest.mark.django_db
    def test_another_phone_is_picked_up_without_a_text(self) -> None:
        client = Client()
        response = client.post("/simulator/", {"sender": "0812 9999 0000"}, follow=True)
        assert response.redirect_chain == [("/simulator/", 302)]
        assert "0812 9999 0000" in page(response)

    @pytest.mark.django_db
    def test_what_a_phone_said_is_shown_as_text(self) -> None:
        Handset("081200000001").say("<b>halo</b>")
        assert "&lt;b&gt;halo&lt;/b&gt;" in page(Client().get("/simulator/"))

    @pytest.mark.usefixtures("server")
    def test_the_guides_texts_go_through_http_and_come_back(self) -> None:
        client = Client()
        for body in (DAFTAR, SALDO):
            client.post("/simulator/", {"sender": "0812 0000 0001", "body": body})
            assert "data-waiting" in page(client.get("/simulator/"))
            work_off()
        shown = page(client.get("/simulator/"))
        assert "data-waiting" not in shown
        assert answers.registered(number=NUMBER, language="id").replace("<", "&lt;").replace(">", "&gt;") in shown
        assert "Rp 250.000" in shown
        client.post("/simulator/", {"sender": STRANGER})
        assert "Rp 250.000" not in page(client.get("/simulator/"))

    @pytest.mark.usefixtures("server")
    def test_a_form_sent_twice_is_one_text(self) -> None:
        client = Client()
        found = re.search(r'name="message_id" value="([0-9a-f-]+)"', page(client.get("/simulator/")))
        assert found is not None
        for _ in range(2):
            client.post("/simulator/", {"sender": STRANGER, "body": "halo", "message_id": found[1]})
        assert InboundText.objects.count() == 1

    def test_a_server_with_one_thread_does_not_wait_for_itself(
        self, server: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(simulator, "PATIENCE_SECONDS", 0.2)
        browser = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))
        first = browser.open(f"{server}/simulator/", timeout=60).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', first)
        assert token is not None
        form = {"csrfmiddlewaretoken": token[1], "sender": STRANGER, "body": "halo dari HP"}
        browser.open(f"{server}/simulator/", urlencode(form).encode(), timeout=60).close()
        shown = (browser.open(f"{server}/simulator/", timeout=60).read().decode() for _ in range(50))
        assert any("halo dari HP" in page for page in shown)

    @pytest.mark.django_db
    def test_says_when_the_server_is_not_there(self, settings: LazySettings) -> None:
        settings.LUMBUNG_PUBLIC_URL = "http://127.0.0.1:9"
        answer = Client().post("/simulator/", {"sender": STRANGER, "body": "halo"}, follow=True)
        assert 'class="notice bad"' in page(answer)


def say(*arguments: str) -> Result:
    return CliRunner().invoke(command.command, ["say", *arguments])


class Worker(threading.Thread):
    """Works the queue off in the background until it is told to stop."""

    def __init__(self) -> None:
        super().__init__()
        self.done = threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.05):
            work_off()
        connections.close_all()


@pytest.fixture
def worker(server: str) -> Iterator[None]:
    thread = Worker()
    thread.start()
    yield
    thread.done.set()
    thread.join()


class TestSay:
    @pytest.mark.usefixtures("worker")
    def test_prints_the_answer(self) -> None:
        daftar, saldo = say("--from", "0812 0000 0001", DAFTAR), say("--from", "081200000001", SALDO)
        assert daftar.output == answers.registered(number=NUMBER, language="id") + "\n"
        assert "Rp 250.000" in saldo.output
        assert (daftar.exit_code, saldo.exit_code) == (0, 0)

    @pytest.mark.usefixtures("worker")
    def test_says_when_no_answer_is_due(self) -> None:
        result = say("--from", "2757", SALDO)
        assert result.exit_code == 1
        assert "No answer is due" in result.output

    @pytest.mark.usefixtures("server")
    def test_says_when_nobody_works_the_queue(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(command, "WAIT_SECONDS", 0.3)
        result = say("--from", "081200000001", SALDO)
        assert result.exit_code == 1
        assert "worker" in result.output

    def test_needs_a_phone(self) -> None:
        result = say(SALDO)
        assert result.exit_code == 2
        assert "--from" in result.output

    @pytest.mark.django_db
    def test_says_when_the_demo_is_not_running(self, settings: LazySettings) -> None:
        settings.LUMBUNG_PUBLIC_URL = "http://127.0.0.1:9"
        result = say("--from", "081200000001", SALDO)
        assert result.exit_code == 1
        assert "make demo" in result.output

    @pytest.mark.usefixtures("server")
    @pytest.mark.parametrize("sender", ["08\u20ac", "08\n1"])
    def test_says_when_the_sender_can_be_none(self, sender: str) -> None:
        result = say("--from", sender, SALDO)
        assert result.exit_code == 1
        assert "is no number" in result.output
        assert InboundText.objects.count() == 0

    def test_says_when_the_server_is_another_demo(self, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("lumbung.messaging.simulator.GATEWAY", "another")
        result = say("--from", "081200000001", SALDO)
        assert result.exit_code == 1
        assert server in result.output
        assert "secret" in result.output

    @pytest.mark.usefixtures("server")
    def test_says_when_there_is_no_secret(self, settings: LazySettings) -> None:
        settings.LUMBUNG_SMS_SECRET = ""
        result = say("--from", "081200000001", SALDO)
        assert result.exit_code == 1
        assert "LUMBUNG_SMS_SECRET is not set" in result.output


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with pytest.raises(NotHandedIn) as caught:
        hand_in("http://127.0.0.1:9", "x", gateway_id="1", sender="0812", body="halo", now=datetime.now(UTC))
    assert caught.value.status is None
