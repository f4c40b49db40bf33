"""The database connection: Django's own, which asks less often whether it still stands."""

import select
import threading
import time
from typing import Any

from django.db.backends.postgresql import base

from lumbung.config.postgresql import lookups  # noqa: F401 -- what querysets may ask beyond what is Django's

# So long after the server last answered the question, silence on the line is enough.
ASKED_EVERY = 5.0


class _ClosedAtTheEnd:
    """Closes a connection when the thread ends that opened it.

    Web servers end threads that had nothing to do and start others for the next burst. Django's own object lies
    in a cycle then, which is collected some time or never: sessions would pile up until the server takes no more.
    """

    def __init__(self, driver: Any) -> None:
        self._driver = driver

    def __del__(self) -> None:
        self._driver.close()


_of_this_thread = threading.local()


class DatabaseWrapper(base.DatabaseWrapper):
    """Looks at the socket where Django would send a SELECT 1 before the first statement of every request.

    A server that ended the session has said so: its words or the closed socket are there to be read. What the
    silence can't tell (a host that vanished) is asked as Django asks it, but only every few seconds.
    """

    _asked_at = float("-inf")

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        driver = super().get_new_connection(conn_params)
        vars(_of_this_thread)[f"{self.alias} {id(self)}"] = _ClosedAtTheEnd(driver)
        return driver

    def is_usable(self) -> bool:
        if self._is_silent() and time.monotonic() - self._asked_at < ASKED_EVERY:
            return True
        is_usable = super().is_usable()
        self._asked_at = time.monotonic() if is_usable else float("-inf")
        return is_usable

    def _is_silent(self) -> bool:
        """Whether the connection is open and nothing came that nobody has read."""
        driver = self.connection
        if driver is None or driver.closed:
            return False
        poll = select.poll()
        poll.register(driver.fileno(), select.POLLIN | select.POLLPRI)
        return not poll.poll(0)
