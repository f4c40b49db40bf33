"""What members are told by itself: every notice in every version, language and way, with invented facts."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lumbung.accounts.telling import examples
from lumbung.accounts.telling.kinds import CHANNELS, Channel
from lumbung.errors import marked
from lumbung.office.requests import OfficerRequest

# As an officer reads it: of somebody else.
WAYS = {**CHANNELS, Channel.PUSH: marked("On the member's devices")}
OWN = "own_"  # so begin the words to who insures himself, under the same title as those to who is employed


@require_safe
def notices(request: OfficerRequest) -> HttpResponse:
    """All kinds with their notices, by which ways they usually go, and what holds for them."""
    kinds = [
        {
            "kind": kind,
            "usual": [said for channel, said in WAYS.items() if channel in kind.usual],
            "named": [(word, examples.title(word), word.startswith(OWN)) for word in named],
        }
        for kind, named in examples.all_words()
    ]
    return render(request, "office/notices.html", {"kinds": kinds})


@require_safe
def notice(request: OfficerRequest, word: str) -> HttpResponse:
    """One notice, word for word."""
    if not examples.is_known(word):
        raise Http404
    return render(request, "office/notice.html", {"word": word, "examples": examples.examples(word)})
