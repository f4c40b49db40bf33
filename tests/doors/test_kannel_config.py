"""`lumbung sms kannel-config`: what is written, and what is refused."""

import json
import os
import re
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.conf import LazySettings

from lumbung.cli import main
from lumbung.cli.carriers import BadCarriers, read
from lumbung.cli.django import complete_environment
from lumbung.cli.home import write_environment
from lumbung.cli.kannel import BadSettings, Gateway, configuration

PASSWORDS = ("rahasia-gerbang-masuk", "rahasia-keluar", "smpp'pw")
SETTINGS = {
    "LUMBUNG_SMS_NUMBER": "2757",
    "LUMBUNG_SMS_ENDPOINT": "http://127.0.0.1:8087",
    "LUMBUNG_SMS_SECRET": "rahasia-gerbang-masuk",
    "LUMBUNG_KANNEL_URL": "http://lumbung:rahasia-keluar@127.0.0.1:13013",
    "LUMBUNG_GATEWAYS": "",
}
CARRIERS = """
[[carrier]]
name = "telco-satu"
host = "smpp.telco.example"
port = 2775
user = "fund01"
password = "smpp'pw"
throughput = 50
prefixes = ["+62811", "+62812"]
receipt_ids = "hex-then-decimal"

[[carrier]]
name = "telco-dua"
host = "10.1.2.3"
port = 3550
receive_port = 3551
user = "fund"
password = 'a"b\\c'
throughput = 0.5
number = "92757"
"""


@pytest.fixture
def carriers(tmp_path: Path) -> Path:
    path = tmp_path / "carriers.toml"
    path.write_text(CARRIERS)
    path.chmod(0o600)
    return path


@pytest.fixture(autouse=True)
def told(settings: LazySettings) -> None:
    for name, value in SETTINGS.items():
        setattr(settings, name, value)


def run(carriers: Path, *more: str) -> Result:
    output = carriers.parent / "kannel.conf"
    command = ["sms", "kannel-config", "--carriers", str(carriers), "--output", str(output), *more]
    return CliRunner().invoke(main, command)


def groups(text: str) -> list[dict[str, str]]:
    """As Kannel reads them: a blank line ends a group."""
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    found = [block.split("\n") for block in lines.strip().split("\n\n")]
    return [dict(line.split(" = ", 1) for line in block) for block in found]


def test_it_is_written_for_its_owner_alone_and_no_password_is_printed(carriers: Path) -> None:
    done = run(carriers)
    assert done.exit_code == 0, done.output
    assert "telco-satu, telco-dua" in done.output
    assert not any(password in done.output for password in PASSWORDS)
    written = carriers.parent / "kannel.conf"
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    first = written.read_text()
    run(carriers)
    assert written.read_text() == first


def test_beside_a_running_demo_its_settings_are_taken(
    carriers: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write_environment(tmp_path, {"LUMBUNG_SMS_SECRET": "rahasia-dari-demo", "DATABASE_URL": "postgresql://x/y"})
    monkeypatch.setenv("LUMBUNG_HOME", str(tmp_path))
    monkeypatch.setenv("LUMBUNG_SMS_SECRET", "put back after the test")
    monkeypatch.delenv("DATABASE_URL")
    complete_environment()
    assert os.environ["LUMBUNG_SMS_SECRET"] == "rahasia-dari-demo"


def test_our_settings_are_in_it(carriers: Path) -> None:
    assert run(carriers, "--folder", "/srv/sms", "--admin-port", "14000").exit_code == 0
    core, one, two, box, service, sender = groups((carriers.parent / "kannel.conf").read_text())
    assert core["admin-port"] == "14000"
    assert core["store-location"] == '"/srv/sms/store"'
    interfaces = {name: value for name, value in {**core, **box}.items() if name.endswith("-interface")}
    assert set(interfaces) == {"admin-interface", "smsbox-interface", "sendsms-interface"}
    assert set(interfaces.values()) == {'"127.0.0.1"'}
    assert (core["admin-deny-ip"], core["box-deny-ip"], sender["user-deny-ip"]) == ('"*.*.*.*"',) * 3
    assert service["post-url"] == '"http://kannel:rahasia-gerbang-masuk@127.0.0.1:8087/sms/inbound?id=%I&ts=%T"'
    assert (sender["username"], sender["password"]) == ('"lumbung"', '"rahasia-keluar"')
    assert box["sendsms-port"] == "13013"
    assert (one["throughput"], one["preferred-prefix"]) == ("50.0", '"+62811;+62812"')
    assert one["msg-id-type"] == '"0x01"'
    assert (one["my-number"], two["my-number"]) == ('"2757"', '"92757"')
    assert (one["transceiver-mode"], two["transceiver-mode"], two["receive-port"]) == ("true", "false", "3551")
    assert two["smsc-password"] == '"a\\"b\\\\c"'


def test_the_log_of_traffic_tells_neither_text_nor_number(carriers: Path) -> None:
    run(carriers)
    core, *others = groups((carriers.parent / "kannel.conf").read_text())
    told = set(re.findall(r"%(.)", core["access-log-format"]))
    assert told
    assert told.isdisjoint("pPabekrsuUBD")
    assert not any("log-file" in group or "access-log" in group for group in others)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"LUMBUNG_SMS_NUMBER": "2757\n\ngroup = x"}, "not plain"),
        ({"LUMBUNG_SMS_NUMBER": "FUND"}, "must be 3 to 15 digits"),
        ({"LUMBUNG_SMS_SECRET": ""}, "LUMBUNG_SMS_SECRET is not set"),
        ({"LUMBUNG_SMS_SECRET": "a@b%I"}, "only letters, digits"),
        ({"LUMBUNG_SMS_SECRET": "rahasia-15-huru"}, "fewer than 16 characters"),
        ({"LUMBUNG_SMS_SECRET": "rahasia-" + 43 * "x"}, "more than 50 characters"),
        ({"LUMBUNG_SMS_ENDPOINT": "https://fund.example"}, "must look like http://127.0.0.1:8000"),
        ({"LUMBUNG_SMS_ENDPOINT": "http://10.0.0.1:8000?x=1"}, "nothing but http://"),
        ({"LUMBUNG_KANNEL_URL": ""}, "There is no Kannel"),
        ({"LUMBUNG_KANNEL_URL": "http://lumbung:pw@203.0.113.5:13013"}, "on this machine"),
        ({"LUMBUNG_KANNEL_URL": "http://127.0.0.1:13013"}, "must be there"),
        ({"LUMBUNG_KANNEL_URL": "http://a:b%0Ac@127.0.0.1:13013"}, "not plain"),
        ({"LUMBUNG_KANNEL_URL": "http://a:b@127.0.0.1:13000"}, "three different ports"),
        ({"LUMBUNG_KANNEL_URL": "http://a:b@127.0.0.1:99999"}, "something is of a wrong kind"),
        ({"LUMBUNG_GATEWAYS": "no list"}, "neither a JSON list nor a readable file"),
    ],
)
def test_what_kannel_cannot_be_told_is_refused(
    carriers: Path, settings: LazySettings, wrong: dict[str, str], sentence: str
) -> None:
    for name, value in wrong.items():
        setattr(settings, name, value)
    done = run(carriers)
    assert done.exit_code == 1
    assert sentence in done.output
    assert not (carriers.parent / "kannel.conf").exists()
    assert not any(password in done.output for password in PASSWORDS)


def test_of_several_gateways_one_is_chosen(carriers: Path, settings: LazySettings) -> None:
    first = {"name": "kannel-one", "transport": "kannel"}
    second = {"name": "kannel-two", "transport": "kannel", "from": "92757"}
    settings.LUMBUNG_GATEWAYS = json.dumps([first, second])
    assert "of transport kannel: kannel-one, kannel-two" in run(carriers).output
    assert run(carriers, "--gateway", "kannel-two").exit_code == 0
    text = (carriers.parent / "kannel.conf").read_text()
    assert 'global-sender = "92757"' in text
    assert 'password = "rahasia-keluar"' in text


def test_every_problem_of_the_settings_is_told_at_once() -> None:
    wrong = Gateway(
        number="x",
        endpoint="x",
        secret="",
        sendsms_url="x",
        user="",
        password="",
        carriers=read(CARRIERS),
        folder=Path("a b"),
    )
    with pytest.raises(BadSettings) as caught:
        configuration(wrong)
    assert len(caught.value.problems) >= 6


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('name = "Telco Satu"', "name must be small letters"),
        ('host = "smpp.telco.example:2775"', "host must be"),
        ("port = 0", "port must be a port"),
        ('port = "2775"', "port must be a port"),
        ("port = true", "port must be a port"),
        ('user = "a-user-too-long-for-smpp"', "user must be 1 to 15"),
        ('password = "two\\nlines"', "password must be"),
        ("throughput = 0", "throughput must be"),
        ("tls = 1", "tls must be true or false"),
        ('prefixes = ["0811"]', "prefixes must be"),
        ('receipt_ids = "octal"', "receipt_ids must be one of decimal"),
        ('charset = "UTF-8"', "there is no field charset"),
        ("receive_port = 3551\ntls = true", "Kannel has TLS on one link only"),
    ],
)
def test_a_carrier_that_cannot_be_is_refused(line: str, sentence: str) -> None:
    fields = {
        "name": '"satu"', "host": '"10.0.0.1"', "port": "2775", "user": '"fund01"', "password": '"smpppw"',
        "throughput": "10",
    }  # fmt: skip
    for each in line.split("\n"):
        name, _, value = each.partition(" = ")
        fields[name] = value
    with pytest.raises(BadCarriers) as caught:
        read("[[carrier]]\n" + "".join(f"{name} = {value}\n" for name, value in fields.items()))
    assert [problem for problem in caught.value.problems if sentence in problem]
    assert "smpppw" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "There is no carrier"),
        ("carrier = 3", "There is no carrier"),
        ("[[carrier]\n", "This is no TOML"),
        ("[carriers]\nx = 1", "There is no setting carriers"),
        (CARRIERS.replace("telco-dua", "telco-satu"), "Two carriers are named telco-satu"),
        ("[[carrier]]\n", "throughput is missing"),
    ],
)
def test_a_file_of_carriers_that_cannot_be_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(BadCarriers, match=sentence):
        read(text)


def test_a_file_with_passwords_that_everybody_may_read_is_refused(carriers: Path) -> None:
    carriers.chmod(0o644)
    done = run(carriers)
    assert (done.exit_code, "everybody may read it" in done.output) == (1, True)
