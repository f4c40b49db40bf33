"""How the application is served: behind TLS, and never by a role that could write the ledger's tables."""

import http.client
import os
import re
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from door_users import PASSWORD
from ports import free_port
from sms_phone import basic

from lumbung.accounts import actions
from lumbung.messaging.models import InboundText


def serve_with(database_url: str) -> subprocess.CompletedProcess[str]:
    """Load the application as a server would, with this role."""
    command = [sys.executable, "-c", "import lumbung.config.wsgi"]
    environment = {**os.environ, "DATABASE_URL": database_url}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_the_ledgers_owner_may_not_serve(database: Any):
    refused = serve_with(database.owner_url)
    assert refused.returncode != 0
    assert "may write the ledger's tables directly" in refused.stderr
    assert "Serve as the application's role" in refused.stderr
    served = serve_with(database.app_url)
    assert served.returncode == 0, served.stderr


def test_an_empty_database_says_what_to_do(clone: Any):
    with psycopg.connect(clone.superuser_url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    refused = serve_with(clone.app_url)
    assert refused.returncode != 0
    assert "Run `lumbung db migrate` first" in refused.stderr


def test_a_single_right_on_a_single_partition_is_enough_to_refuse(clone: Any):
    with psycopg.connect(clone.superuser_url, autocommit=True) as connection:
        partition = connection.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relispartition AND relkind = 'r'"
            " AND relname LIKE 'ledger%' LIMIT 1"
        ).fetchone()
        assert partition is not None
        connection.execute(f"GRANT DELETE ON {partition[0]} TO lumbung_app")
    refused = serve_with(clone.app_url)
    assert refused.returncode != 0
    assert "may write the ledger's tables directly" in refused.stderr


# Behind TLS


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for localhost that nobody else trusts, and its key beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    path = tmp_path / "certificate.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def browser(https_port: int, certificate: Path) -> "Iterator[Browser]":
    browser = Browser(https_port, certificate)
    yield browser
    browser.connection.close()


@pytest.fixture
def https_port(clone: Any, certificate: Path) -> Iterator[int]:
    """The application on https://localhost, as an operator would start it."""
    actions.make_officer("petugas.uji", PASSWORD)
    port = free_port()
    command = [Path(sys.executable).parent / "granian", "--interface", "wsgi", "lumbung.config.wsgi:application"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--ssl-certificate", str(certificate)]
    command += ["--ssl-keyfile", str(certificate.parent / "key.pem")]
    environment = {**os.environ, "LUMBUNG_PUBLIC_URL": f"https://localhost:{port}"}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=60)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert server.poll() is None, "the server ended"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not come up")


class Browser:
    """Keeps cookies by name only; what their attributes are is for the test to judge."""

    def __init__(self, port: int, certificate: Path) -> None:
        context = ssl.create_default_context(cafile=str(certificate))
        self.connection = http.client.HTTPSConnection("localhost", port, context=context, timeout=60)
        self.origin = f"https://localhost:{port}"
        self.cookies = SimpleCookie()

    def ask(self, method: str, path: str, **form: str) -> tuple[http.client.HTTPResponse, str]:
        headers = {"Cookie": "; ".join(f"{name}={cookie.value}" for name, cookie in self.cookies.items())}
        if method == "POST":
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.origin}
        self.connection.request(method, path, urlencode(form), headers)
        answer = self.connection.getresponse()
        for line in answer.msg.get_all("Set-Cookie", []):
            self.cookies.load(line)
        return answer, answer.read().decode()


def test_behind_tls_cookies_belong_to_the_host_and_the_browser_stays_with_https(browser: "Browser"):
    answer, page = browser.ask("GET", "/office/login/")
    assert answer.status == 200
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    form_token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert form_token
    login = {"login": "petugas.uji", "password": PASSWORD, "csrfmiddlewaretoken": form_token[1]}
    answer, _ = browser.ask("POST", "/office/login/", **login)
    assert (answer.status, answer.headers["Location"]) == (302, "/office/")
    assert set(browser.cookies) == {"__Host-lumbung_office", "__Host-lumbung_office_csrf"}
    for cookie in browser.cookies.values():
        assert (cookie["path"], cookie["samesite"], cookie["domain"]) == ("/", "Lax", "")
        assert cookie["secure"]
        assert cookie["httponly"]
    answer, page = browser.ask("GET", "/office/account/log-in/")  # an officer sets up a second factor first
    assert answer.status == 200
    form_token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert form_token
    answer, _ = browser.ask("POST", "/office/logout/", csrfmiddlewaretoken=form_token[1])
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    gone = SimpleCookie("; ".join(answer.msg.get_all("Set-Cookie", [])))["__Host-lumbung_office"]
    assert (gone.value, gone["max-age"], gone["path"]) == ("", "0", "/")
    assert gone["secure"], "a browser refuses to change a __Host- cookie otherwise"


def test_what_django_can_not_even_make_a_request_of_is_refused(browser: "Browser"):
    browser.connection.request("GET", "/login/?a=1", headers={"Content-Type": "text/plain; charset=base64"})
    answer = browser.connection.getresponse()
    assert (answer.status, answer.read()) == (400, b"Bad request.\n")
    browser.connection.request("GET", "*")
    assert browser.connection.getresponse().status == 404


def test_a_text_with_the_gateways_secret_is_kept_before_django_is_asked(browser: "Browser"):
    answers = []
    for secret in (settings.LUMBUNG_SMS_SECRET, "wrong"):
        headers = {"Authorization": basic("kannel", secret), "X-Kannel-From": "+6281200000001"}
        browser.connection.request("POST", "/sms/inbound?id=1&ts=1", "SALDO", headers)
        answer = browser.connection.getresponse()
        answers.append((answer.status, "Permissions-Policy" in answer.headers, answer.read() == b""))
    assert answers == [(200, False, True), (401, True, False)]
    assert InboundText.objects.get().body == "SALDO"
