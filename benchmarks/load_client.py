"""A process of clients with kept connections, where wrk is missing: prints how often a second it was answered."""

import http.client
import json
import random
import sys
import threading
import time

from benchmarks.load import CONNECTIONS, NUMBER, THREADS, UNIQUE, Target


def main() -> None:
    """The target, the seconds and the name of the run are the arguments."""
    target, seconds, run = Target(**json.loads(sys.argv[1])), float(sys.argv[2]), sys.argv[3]
    counts: list[int] = []
    end = time.perf_counter() + seconds
    threads = [
        threading.Thread(target=lambda place=place: counts.append(_ask(target, f"{run}-{place}", end)))
        for place in range(CONNECTIONS // THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(counts) < len(threads):
        raise SystemExit(1)
    print(sum(counts) / seconds)


def _ask(target: Target, run: str, end: float) -> int:
    """Ask one after the other on one connection until the time is over; how often it was answered."""
    connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=30)
    chance, count = random.Random(run), 0
    while time.perf_counter() < end:
        number = f"{chance.randrange(target.members):011d}"
        path, body = (
            text.replace(UNIQUE, f"{run}-{count}").replace(NUMBER, number) for text in (target.path, target.body)
        )
        connection.request(target.method, path, body.encode(), target.headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        count += 1
    connection.close()
    return count


if __name__ == "__main__":
    main()
