"""Load on a server on loopback: wrk when it is there, else clients of our own."""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, field

CONNECTIONS = 16
THREADS = 2
UNIQUE, NUMBER = "@unique@", "@number@"
# Each request has its own id, or asks for a member at random.
SCRIPT = """
local made, spec = 0, nil
function setup(thread) thread:set("place", made); made = made + 1 end
function init(args) math.randomseed(7 + place) end
local count = 0
local function filled(text)
    count = count + 1
    text = text:gsub("@unique@", "%(run)s-" .. place .. "-" .. count)
    return (text:gsub("@number@", string.format("%%011d", math.random(0, %(members)d - 1))))
end
local headers = {%(headers)s}
function request()
    return wrk.format(%(method)s, filled(%(path)s), headers, filled(%(body)s))
end
"""


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked for: path and body may hold UNIQUE and NUMBER, which differ in each request."""

    port: int
    method: str
    path: str
    members: int = 1
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def generator(seconds: float) -> str:
    # wrk counts in whole seconds.
    return "wrk" if shutil.which("wrk") and seconds >= 1 else "own clients"


def rate(target: Target, seconds: float, run: str) -> float:
    """Requests answered a second, by CONNECTIONS connections that are kept open. All must be answered with 200."""
    return _wrk(target, seconds, run) if generator(seconds) == "wrk" else _own(target, seconds, run)


def _wrk(target: Target, seconds: float, run: str) -> float:
    headers = ", ".join(f"[{_lua(name)}] = {_lua(value)}" for name, value in target.headers.items())
    texts = {name: _lua(getattr(target, name)) for name in ("method", "path", "body")}
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT % {"run": run, "members": target.members, "headers": headers, **texts})
        script.flush()
        duration = f"{round(seconds)}s"
        command = ["wrk", f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{duration}", "-s", script.name]
        command.append(f"http://127.0.0.1:{target.port}")
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    if re.search("Non-2xx|Socket errors", done.stdout):
        raise SystemExit(f"Not every request was answered well:\n{done.stdout}")
    found = re.search(r"Requests/sec:\s+([0-9.]+)", done.stdout)
    assert found is not None, done.stdout
    return float(found[1])


def _lua(text: str) -> str:
    return json.dumps(text)  # the escapes that we use are the same in Lua


def _own(target: Target, seconds: float, run: str) -> float:
    """Two processes of our own: half of the machine is theirs, on both sides of a comparison."""
    command = [sys.executable, "-m", "benchmarks.load_client", json.dumps(asdict(target)), str(seconds)]
    clients = [
        subprocess.Popen([*command, f"{run}-{place}"], stdout=subprocess.PIPE, text=True)
        for place in range(THREADS)
    ]
    answered = [client.communicate()[0] for client in clients]
    assert not any(client.returncode for client in clients), "a client of the load failed; why stands above"
    return sum(map(float, answered))
