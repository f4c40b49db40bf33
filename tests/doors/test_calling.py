"""Calling a gateway: over connections that are kept, and no request is ever sent twice."""

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

import pytest
from gateway_server import GatewayServer, gateway_server
from smtp_server import make_authority

from lumbung.messaging.gateways import calling
from lumbung.messaging.gateways.calling import Answer, Caller, Request, Unanswered
from lumbung.messaging.transports import NotTaken

Said = SimpleQueue[Answer | Exception]


@pytest.fixture
def server() -> Iterator[GatewayServer]:
    with gateway_server() as found:
        yield found


def asked(body: bytes) -> Request:
    return Request("POST", {}, body)


def test_a_connection_that_was_closed_meanwhile_is_not_used_again(server: GatewayServer) -> None:
    caller = Caller(server.url)
    assert caller.call(asked(b"1")).status == 202
    server.hang_up()
    assert caller.call(asked(b"2")).status == 202
    assert (server.words, len(server.connections)) == (["1", "2"], 2)


@pytest.mark.parametrize("body", [b"2", b""])
def test_a_kept_connection_that_ends_without_an_answer_is_not_asked_anew_over_another(
    server: GatewayServer, body: bytes
) -> None:
    """As libcurl does it for others, since a server may have closed the connection before it was asked."""
    caller = Caller(server.url)
    assert caller.call(asked(b"1")).status == 202
    server.cuts = True
    with pytest.raises(Unanswered):
        caller.call(asked(body))
    server.cuts = False
    assert caller.call(asked(b"3")).status == 202
    assert server.words == ["1", body.decode(), "3"]


def test_many_share_the_connections_there_are(server: GatewayServer) -> None:
    caller, said = Caller(server.url, at_once=3), Said()
    for part in range(4):
        caller.call_each([(asked(b"%d" % (25 * part + number)), said.put) for number in range(25)])
    answers = [said.get(timeout=60) for _ in range(100)]
    assert {answer.status for answer in answers if isinstance(answer, Answer)} == {202}
    assert sorted(map(int, server.words)) == list(range(100))
    assert len(server.connections) <= 3


def test_threads_that_wait_each_hear_their_own_answer(server: GatewayServer) -> None:
    caller = Caller(server.url, at_once=4)
    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(lambda number: caller.call(asked(b"%d" % number)), range(64)))
    assert [answer.status for answer in answers] == [202] * 64
    assert sorted(map(int, server.words)) == list(range(64))


def test_what_can_not_be_asked_for_harms_nobody(server: GatewayServer) -> None:
    """A fault of ours ends the thread that asks: nobody waits for ever, and who comes next is asked for."""

    def broken() -> Iterator[calling.Asked]:
        yield asked(b"1"), said.put
        raise ValueError("planted")

    caller, said = Caller(server.url), Said()
    server.waits = threading.Event()  # so that all are there before the first one is through
    caller.call_each(broken())
    caller.call_each([(asked(b"2"), said.put)])
    server.waits.set()
    heard = [said.get(timeout=60), said.get(timeout=60)]
    assert {type(each) for each in heard} <= {Answer, NotTaken, Unanswered}
    assert caller.call(asked(b"3")).status == 202
    assert server.words[0] == "1"


def test_a_thread_that_can_not_be_had_is_an_error_and_no_silence(
    server: GatewayServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    caller = Caller(server.url)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", start)
        with pytest.raises(RuntimeError):
            caller.call(asked(b"1"))
    assert caller.call(asked(b"2")).status == 202
    assert server.words == ["2"]


def test_what_can_not_be_given_to_libcurl_is_told_as_not_taken(
    server: GatewayServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(headers: object) -> list[str]:
        raise TypeError("planted")

    caller, said = Caller(server.url), Said()
    with monkeypatch.context() as patch:
        patch.setattr(calling, "_lines_of", fails)
        caller.call_each([(asked(b"1"), said.put), (asked(b"2"), said.put)])
        assert [type(said.get(timeout=60)) for _ in range(2)] == [NotTaken, NotTaken]
    assert caller.call(asked(b"3")).status == 202
    assert server.words == ["3"]


@pytest.mark.parametrize("headers", [{"A": "b\r\nC: d"}, {"A: b": "c\n"}, {"A": "€"}])
def test_no_request_has_a_header_that_is_none(headers: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        Request("POST", headers, b"")


def test_who_answers_too_late_has_been_asked_once(server: GatewayServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "ANSWER_SECONDS", 2)
    server.waits = threading.Event()
    with pytest.raises(Unanswered):
        Caller(server.url).call(asked(b"x"))
    assert server.arrived.acquire(timeout=60)
    assert len(server.taken) == 1


def test_an_answer_that_does_not_end_is_read_as_far_as_it_is_kept(server: GatewayServer) -> None:
    server.body = b"x" * 1_000_000
    answer = Caller(server.url).call(asked(b"1"))
    assert (answer.status, len(answer.body)) == (202, calling.LONGEST_ANSWER)


def test_who_is_not_there_has_taken_nothing() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        for host in (f"127.0.0.1:{closed.getsockname()[1]}", "nobody.invalid"):
            with pytest.raises(NotTaken):
                Caller(f"http://{host}/").call(asked(b"1"))


def test_the_environment_names_no_proxy(server: GatewayServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert Caller(server.url).call(asked(b"1")).status == 202


def test_a_server_proves_itself_before_it_is_told_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, other = make_authority(tmp_path / "known"), make_authority(tmp_path / "other")
    monkeypatch.setenv("SSL_CERT_FILE", known.file)
    with gateway_server(known.server()) as server:
        assert Caller(server.url).call(asked(b"1")).status == 202
    with gateway_server(other.server()) as stranger:
        with pytest.raises(NotTaken):
            Caller(stranger.url).call(asked(b"2"))
        assert stranger.taken == []
