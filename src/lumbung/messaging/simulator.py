"""The gateway's side of a text, for the demo: what Kannel would send to our endpoint when a phone texts."""

import base64
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime

GATEWAY = "kannel"
SHORT_NUMBER = "2757"
TIMEOUT_SECONDS = 10

# Our own server is never behind a proxy of the environment.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class NotHandedIn(Exception):
    """The endpoint did not take the text; `status` is its HTTP status, None when it could not be reached."""

    def __init__(self, status: int | None) -> None:
        self.status = status
        super().__init__(f"status {status}")


def hand_in(
    url: str,
    secret: str,
    *,
    gateway_id: str,
    sender: str,
    body: str,
    now: datetime,
    to: str = SHORT_NUMBER,
) -> None:
    """Post a text to the endpoint below `url` in the form of channels.md 1.3. Raises NotHandedIn."""
    query = urllib.parse.urlencode({"id": gateway_id, "ts": int(now.timestamp())})
    request = urllib.request.Request(  # noqa: S310  (the address is a setting)
        f"{url.rstrip('/')}/sms/inbound?{query}",
        data=body.encode(errors="replace"),
        headers={
            "Content-Type": 'text/plain; charset="UTF-8"',
            "Authorization": "Basic " + base64.b64encode(f"{GATEWAY}:{secret}".encode()).decode(),
            "X-Kannel-From": sender,
            "X-Kannel-To": to,
            "X-Kannel-Time": now.astimezone().strftime("%Y-%m-%d %H:%M:%S"),
            "X-Kannel-SMSC": "simulator",
        },
        method="POST",
    )
    try:
        _OPENER.open(request, timeout=TIMEOUT_SECONDS).close()
    except urllib.error.HTTPError as answer:
        answer.close()
        raise NotHandedIn(answer.code) from None
    except OSError:
        raise NotHandedIn(None) from None
    except ValueError:  # a sender that can't stand in a header
        raise NotHandedIn(400) from None
