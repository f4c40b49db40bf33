"""Call a gateway by HTTP over kept connections, and tell what was not taken from what nobody knows."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass

import urllib3
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, SSLError

from lumbung.messaging.transports import NotTaken

CONNECT_SECONDS, ANSWER_SECONDS = 3, 10
LONGEST_ANSWER = 16_384


@dataclass(frozen=True, slots=True)
class Answer:
    """What a gateway said."""

    status: int
    body: bytes


class Caller:
    """Connections to one gateway. Asks no proxy of the environment and follows nowhere."""

    def __init__(self, in_flight: int) -> None:
        timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=ANSWER_SECONDS)
        self._pool = urllib3.PoolManager(num_pools=1, maxsize=in_flight, retries=False, timeout=timeout)

    def call(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes) -> Answer:
        """Raises NotTaken when our bytes never left, Unanswered when they may have.

        An exception of the library may quote what was sent, so none gets out.
        """
        try:
            answer = self._pool.request(
                method, url, headers=dict(headers), body=body, redirect=False, preload_content=False
            )
            with answer:
                said = answer.read(LONGEST_ANSWER)
                if answer.read(1):
                    answer.close()
                answer.release_conn()
        except (NewConnectionError, ConnectTimeoutError):
            raise NotTaken from None
        except SSLError as wrong:
            if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in wrong.args):
                raise NotTaken from None
            raise Unanswered from None
        except (urllib3.exceptions.HTTPError, OSError):
            raise Unanswered from None
        return Answer(answer.status, said)


class Unanswered(Exception):
    """Our bytes left, or may have, and no whole answer came: nobody knows."""
