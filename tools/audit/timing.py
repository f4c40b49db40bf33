"""Whether the time of an answer tells who is known: every door is asked about somebody and about nobody.

A server of its own on loopback, password hashes at their real cost, the questions in random order on one
connection. The distributions are compared by the Mann-Whitney test, and as effect by how often an answer about
somebody takes longer than one about nobody (50 % when there is no difference). It counts as a difference when
p < 0.001, the effect is 10 points or more away from 50 %, and both show once more with other people. With 200 of
each, chance alone moves the effect by 3 points; a stranger has ten tries a day for a name, and a network between.
"""

import argparse
import http.client
import math
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.server import Server  # noqa: E402  (the folder is no package that is installed)
from strangers import NEWCOMERS, PASSWORD, Question, Somebody, facts, make, questions  # noqa: E402

LEAST_P, LEAST_EFFECT = 0.001, 0.10
WARM_UP, LEAST_EACH = 10, 20


def main() -> int:
    """Ask all doors, print the table, return 1 when some door tells."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--each", type=int, default=200, help="how many answers of each side (200)")
    wanted.add_argument("--only", default="", help="only the questions with this in their name")
    wanted.add_argument("--seed", type=int, default=int(time.time()))
    asked = wanted.parse_args()
    if asked.each < LEAST_EACH:
        wanted.error(f"--each: {LEAST_EACH} at least")
    print(f"timing: {asked.each} of each, seed {asked.seed}", flush=True)
    print(f"{'':32}{'asked about':22}{'median':>10}{'more':>10}{'longer':>9}{'p':>9}")
    found = 0
    with served(2 * asked.each) as port:
        browser = Browser(port, random.Random(asked.seed))
        first, second = (questions(asked.each, start=start) for start in (0, asked.each))
        for question, again in zip(first, second, strict=True):
            if asked.only in question.name:
                found += judge(browser, question, again)
    print(f"{found} differences")
    return min(found, 1)


def judge(browser: "Browser", question: Question, again: Question) -> int:
    """Print a line for each side; return how many differ from the first, twice."""
    seen = show(question.name, measure(browser, question))
    if not seen:
        return 0
    confirmed = seen & show(f"{question.name}, again", measure(browser, again))
    return len(confirmed)


def show(name: str, times: Mapping[str, list[float]]) -> set[str]:
    """The sides that differ from the first one, which stands for nobody."""
    (base, nobody), *others = times.items()
    print(f"{name:32}{base:22}{_ms(statistics.median(nobody))}", flush=True)
    differ = set()
    for side, measured in others:
        found = compare(nobody, measured)
        mark = "  differs" if found.counts else ""
        print(
            f"{'':32}{side:22}{_ms(statistics.median(measured))}{_ms(found.shift)}"
            f"{found.longer:>9.1%}{found.p:>9.2g}{mark}",
            flush=True,
        )
        if found.counts:
            differ.add(side)
    return differ


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:8.2f}ms"


@dataclass(frozen=True)
class Comparison:
    """How often one of the second takes longer than one of the first, by how much, and how likely by chance."""

    longer: float
    shift: float
    p: float

    @property
    def counts(self) -> bool:
        return self.p < LEAST_P and abs(self.longer - 0.5) >= LEAST_EFFECT


def compare(first: Sequence[float], second: Sequence[float]) -> Comparison:
    """The Mann-Whitney test, two-sided, by its normal approximation (good from 20 of each on)."""
    n, m = len(first), len(second)
    ranked = sorted([(value, 0) for value in first] + [(value, 1) for value in second])
    total, ties, at = 0.0, 0, 0
    while at < len(ranked):
        end = at
        while end < len(ranked) and ranked[end][0] == ranked[at][0]:
            end += 1
        total += (at + 1 + end) / 2 * sum(side for _, side in ranked[at:end])
        ties += (end - at) ** 3 - (end - at)
        at = end
    u = total - m * (m + 1) / 2
    spread = math.sqrt(n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1))))
    p = math.erfc(abs(u - n * m / 2) / spread / math.sqrt(2)) if spread else 1.0
    return Comparison(u / (n * m), statistics.median(second) - statistics.median(first), p)


def measure(browser: "Browser", question: Question) -> dict[str, list[float]]:
    """Seconds for each side, asked in random order."""
    browser.open("/login/" if not question.before else "/register/")
    if question.before:
        browser.register()
    order = [(side, form) for side, forms in question.sides.items() for form in forms]
    browser.chance.shuffle(order)
    warm = [browser.chance.choice(order) for _ in range(0 if question.before else WARM_UP)]
    for _ in warm:
        browser.ask(question.path, {})
    times: dict[str, list[float]] = {side: [] for side in question.sides}
    for side, form in order:
        if question.before:
            browser.ask(question.before, form)
        seconds, place, has_slip = browser.ask(question.path, {**form, **question.steps})
        if place != question.leads or (has_slip and not place):
            raise SystemExit(
                f"{question.name}: asked about {side}, the answer is another one than expected ({place})"
            )
        times[side].append(seconds)
    return times


class Browser:
    """One connection to the server, with a new address of its visitor for each question."""

    def __init__(self, port: int, chance: random.Random) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.chance = chance
        self.cookies: dict[str, str] = {}
        self.token = ""

    def open(self, page: str) -> None:
        """A fresh visitor, who has the token for the forms."""
        self.cookies, self.token = {}, ""
        body, _ = self._request("GET", page, "")
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', body)
        if found is None:
            raise SystemExit(f"{page} holds no form")
        self.token = found[1]
        self.kept = dict(self.cookies)

    def register(self) -> None:
        """Somebody who is known and is about to confirm a contact; the questions come from this session."""
        who = Somebody(NEWCOMERS, self.chance.randrange(LEAST_EACH))
        for page, form in (
            ("/register/", facts(who)),
            ("/register/contacts/", {"phone": "0812 9999 9999", "email": ""}),
            ("/register/account/", {"username": f"pendaftar{self.chance.randrange(10**9)}", "password": PASSWORD}),
        ):
            if not self.ask(page, form, keep=True)[1]:
                raise SystemExit(f"{page} did not go on.")
        self.kept = dict(self.cookies)

    def ask(self, path: str, form: Mapping[str, str], *, keep: bool = False) -> tuple[float, str, bool]:
        """Seconds until the whole answer was there, where it leads ("" for a page), if it marks a field wrong."""
        if not keep:
            self.cookies = dict(self.kept)
        body = urlencode({**form, "csrfmiddlewaretoken": self.token})
        began = time.perf_counter()
        page, answer = self._request("POST", path, body)
        took = time.perf_counter() - began
        if answer.status not in {http.client.OK, http.client.FOUND}:
            raise SystemExit(f"{path} answered {answer.status}.")
        return took, answer.headers.get("Location", ""), 'aria-invalid="true"' in page

    def _request(self, method: str, path: str, body: str) -> tuple[str, http.client.HTTPResponse]:
        address = ".".join(["10", *(str(self.chance.randrange(1, 255)) for _ in range(3))])
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-Forwarded-For": address,
            "Accept-Language": "id",
        }
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body or None, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return text, answer


@contextmanager
def served(count: int) -> Iterator[int]:
    """A server with so many people of each kind, on a free port; gone afterwards. No worker takes the jobs."""
    with tempfile.TemporaryDirectory(prefix="lumbung-timing-", dir="/tmp") as folder:
        os.chmod(folder, 0o711)
        database = Server(Path(folder), {})
        try:
            database.start()
            os.environ.update(database.make("timing"))
            os.environ["LUMBUNG_TRUSTED_PROXIES"] = "1"
            _populate(count)
            with _granian(Path(folder)) as port:
                yield port
        finally:
            database.stop()


def _populate(count: int) -> None:
    import django

    django.setup()
    from django.db import connections

    make(count)
    with connections["default"].cursor() as cursor:
        cursor.execute("ANALYZE")
    connections.close_all()


@contextmanager
def _granian(folder: Path) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--blocking-threads", "4", "--log-level", "error", "lumbung.config.wsgi:application",
    ]  # fmt: skip
    log = folder / "granian.log"
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"}
    with log.open("w") as output:
        server = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        for _ in range(600):
            if server.poll() is not None:
                raise SystemExit(f"granian ended:\n{log.read_text()}")
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


if __name__ == "__main__":
    sys.exit(main())
