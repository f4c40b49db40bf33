"""What a page says, without what differs each time: the mask of its token, the seconds its session lasts."""

import re

from django.http import HttpResponse

from lumbung.registry.identity import phone_as_written

CHANGES_EACH_TIME = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"|data-(?:limit-)?seconds="\d+"')


def plain(answer: HttpResponse, *changing: str) -> str:
    """The body, with what the asker typed (`changing`) put out of it too."""
    body = CHANGES_EACH_TIME.sub("", answer.content.decode(errors="backslashreplace"))
    for text in changing:
        body = body.replace(text, "…").replace(phone_as_written(text), "…")
    return body
