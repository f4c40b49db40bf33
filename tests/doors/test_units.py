"""The units of systemd in `deploy/`, and what they run; what was seen under a real systemd stands in 0031."""

import os
import re
import select
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from kannel_boxes import ROOT

KANNEL, SERVER = ROOT / "deploy/kannel", ROOT / "deploy/server"
UNITS = sorted([*KANNEL.glob("*.service"), *SERVER.glob("*.service")])
BOXES = {"lumbung-bearerbox", "lumbung-smsbox"}
SECONDS = 60.0
HARDENED = (
    "CapabilityBoundingSet=", "DevicePolicy=closed", "DynamicUser=yes", "LimitCORE=0",
    "MemoryDenyWriteExecute=yes", "NoNewPrivileges=yes", "PrivateTmp=yes", "PrivateUsers=yes",
    "ProtectProc=invisible", "ProtectSystem=strict", "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
    "SystemCallFilter=@system-service", "UMask=0077",
)  # fmt: skip


def lines(unit: Path) -> list[str]:
    """What stands in a unit, without comments; lines that go on are one."""
    text = unit.read_text().replace("\\\n", "")
    return [" ".join(line.split()) for line in text.splitlines() if line and not line.startswith("#")]


def named(name: str) -> list[str]:
    return lines(next(unit for unit in UNITS if unit.stem == name))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_is_hardened_and_comes_back_whatever_ends_it(unit: Path) -> None:
    told = lines(unit)
    assert [line for line in told if line.startswith("[")] == ["[Unit]", "[Service]", "[Install]"]
    for line in (*HARDENED, "Restart=always", "StartLimitIntervalSec=0", "WantedBy=multi-user.target"):
        assert line in told, line
    secret = "LoadCredential=kannel.conf:" if unit.stem in BOXES else "EnvironmentFile="
    assert any(line.startswith(secret + "/etc/lumbung/") for line in told)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_is_one_that_systemd_understands(unit: Path, tmp_path: Path) -> None:
    assert all(re.fullmatch(r"\[\w+\]|[A-Z]\w+=.*", line) for line in lines(unit))
    if shutil.which("systemd-analyze") is None:
        return
    for each in UNITS:
        # Where it is installed there is nothing yet, and Kannel may be missing here.
        text = each.read_text().replace("/usr/local/lib/lumbung/", f"{KANNEL}/")
        text = text.replace("/opt/lumbung/.venv/bin/", f"{Path(sys.executable).parent}/")
        (tmp_path / each.name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / unit.name)],
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_a_box_is_run_through_the_filter_of_its_words_and_never_tells_texts() -> None:
    for name in BOXES:
        [start] = [line for line in named(name) if line.startswith("ExecStart=")]
        assert start.startswith("ExecStart=/usr/local/lib/lumbung/masked ")
        assert f"/usr/sbin/{name.removeprefix('lumbung-')} -v 3 " in start
        # The filter must hear the box's last word, so systemd must not kill what a box leaves.
        assert not any(line.startswith("KillMode=") for line in named(name))


def test_the_smsbox_goes_before_the_web_server_and_stays_when_that_one_dies() -> None:
    """With PartOf=, Requires= or the like systemd ends it with the web server, and what waits in it is lost."""
    told = named("lumbung-smsbox")
    assert "After=lumbung-web.service" in told
    assert [line for line in told if "lumbung-web" in line] == ["After=lumbung-web.service"]
    assert "PartOf=lumbung-bearerbox.service" in told
    assert not any("lumbung-smsbox" in line for line in (*named("lumbung-web"), *named("lumbung-bearerbox")))


def test_every_program_of_a_unit_is_installed_by_the_documents() -> None:
    """The first time and with each new version."""
    documents = [(ROOT / "docs/operators" / name).read_text() for name in ("sms.md", "server.md")]
    for name in BOXES:
        for program in re.findall(r"/usr/local/lib/lumbung/([\w-]+)", "\n".join(named(name))):
            assert (KANNEL / program).stat().st_mode & 0o111, program
            assert all(f"deploy/kannel/{program}" in told for told in documents), program
    assert all("deploy/kannel/logrotate /etc/logrotate.d/lumbung-sms" in told for told in documents)


def test_the_workers_of_the_units_work_off_every_queue_and_let_done_jobs_go() -> None:
    workers = [line for name in ("lumbung-worker", "lumbung-messages") for line in named(name) if "worker" in line]
    starts = [line for line in workers if line.startswith("ExecStart=")]
    assert len(starts) == 2
    assert all("--delete-jobs successful" in line for line in starts)
    assert [line for line in starts if "--queues" not in line]


def test_a_rotation_while_the_bearerbox_is_stopped_is_no_failure() -> None:
    told = (KANNEL / "logrotate").read_text()
    assert "systemctl try-reload-or-restart lumbung-bearerbox.service" in told
    assert "ExecReload=/bin/kill -HUP $MAINPID" in named("lumbung-bearerbox")


def test_what_waits_for_receipts_that_never_came_is_deleted_after_a_week(tmp_path: Path) -> None:
    [line] = [each for each in (KANNEL / "logrotate").read_text().splitlines() if "find " in each]
    command = line.strip().split()
    assert command[1] == "/var/lib/lumbung-sms/dlr"
    (tmp_path / "dlr" / "83").mkdir(parents=True)
    elsewhere = tmp_path / "elsewhere"
    for file, days in ((tmp_path / "dlr/83/old", 8), (tmp_path / "dlr/83/new", 6), (elsewhere, 8)):
        file.touch()
        at = time.time() - days * 24 * 60 * 60
        os.utime(file, (at, at))
    (tmp_path / "dlr/link").symlink_to(elsewhere)
    subprocess.run([command[0], tmp_path / "dlr", *command[2:]], check=True)
    assert sorted(each.name for each in tmp_path.rglob("*")) == ["83", "dlr", "elsewhere", "link", "new"]


def test_numbers_are_struck_out_of_what_a_box_says_and_statuses_are_not() -> None:
    said = (
        "2026-11-29 09:00:00 [31448] ERROR: could not find <m1> dst<+6281200000001> http://kannel:pw@127.0.0.1:8/x"
        " error code 0x00000058 of 0x12345678"
    )
    done = subprocess.run(
        [KANNEL / "masked", "/bin/sh", "-c", f"echo '{said}' >&2; exit 7"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (7, "")
    expected = said.replace("+6281200000001", "(number)").replace("kannel:pw@", "")
    assert done.stderr == expected.replace("0x00000058", "0x0058").replace("12345678", "(number)") + "\n"


def test_the_filter_hears_the_last_word_of_a_box_that_is_asked_to_end() -> None:
    """systemd asks all that it started for a unit, so the filter too."""
    says = "trap '' TERM; echo begins >&2; read on; echo ends 6281200000001 >&2"
    with subprocess.Popen(
        [KANNEL / "masked", "/bin/sh", "-c", says],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as box:  # fmt: skip
        assert box.stdin is not None
        assert box.stderr is not None
        assert box.stderr.readline() == "begins\n"
        os.killpg(box.pid, signal.SIGTERM)
        box.stdin.write("\n")
        box.stdin.close()
        assert box.stderr.read() == "ends (number)\n"
    assert box.returncode == 0


@pytest.fixture
def configuration(tmp_path: Path) -> Iterator[tuple[Path, socket.socket]]:
    """A configuration of Kannel that names a port, and the socket that will listen there."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        path = tmp_path / "kannel.conf"
        path.write_text(f"group = core\nadmin-port = 1\nsmsbox-port = {bound.getsockname()[1]}\n")
        yield path, bound


def test_a_box_is_started_once_the_other_one_listens(configuration: tuple[Path, socket.socket]) -> None:
    path, bound = configuration
    command = [KANNEL / "when-listening", "smsbox-port", path, "/bin/sh", "-c", "echo started"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as box:
        assert select.select([box.stdout], [], [], 0.3)[0] == [], "it waits"
        bound.listen()
        assert box.communicate(timeout=SECONDS)[0] == "started\n"
    assert box.returncode == 0


def test_the_web_server_is_started_once_it_answers_and_not_when_its_port_is_open() -> None:
    """granian opens and closes the port once before it serves."""
    [post] = [line for line in named("lumbung-web") if line.startswith("ExecStartPost=")]
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(SECONDS)
        # systemd, too, makes one backslash of two.
        told = post.partition("=")[2].replace("/8000", f"/{server.getsockname()[1]}").replace(r"\\", "\\")
        with subprocess.Popen(shlex.split(told)) as waiting:
            server.accept()[0].close()
            with pytest.raises(subprocess.TimeoutExpired):
                waiting.wait(0.5)
            with server.accept()[0] as asked, asked.makefile("rb") as said:
                assert [said.readline(), said.readline()] == [b"GET / HTTP/1.0\r\n", b"\r\n"]
                asked.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
                assert waiting.wait(SECONDS) == 0


@pytest.mark.parametrize(
    ("when_asked", "patience", "ended_by"),
    [("exit 3", SECONDS, 3), ("", 0.1, -signal.SIGKILL)],
    ids=["goes", "stays"],
)
def test_a_bearerbox_is_asked_and_killed_when_it_does_not_go(
    when_asked: str, patience: float, ended_by: int
) -> None:
    says = f"trap '{when_asked}' TERM; echo runs; while :; do sleep 0.1; done"
    with subprocess.Popen(["/bin/bash", "-c", says], stdout=subprocess.PIPE, text=True) as box:
        assert box.stdout is not None
        assert box.stdout.readline() == "runs\n"
        asking = subprocess.Popen([KANNEL / "asked-twice", str(box.pid), str(patience)])
        # Taken at once, as systemd does: who is gone is gone then, and can't be asked again.
        assert box.wait(SECONDS) == ended_by
    assert asking.wait(SECONDS) == 0


def test_no_bearerbox_is_asked_when_it_is_gone_already() -> None:
    assert subprocess.run([KANNEL / "asked-twice"], check=False, timeout=SECONDS).returncode == 0
