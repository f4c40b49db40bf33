"""Numbers for a monitoring system, in the text format of Prometheus: of what waits and ends, and of nobody."""

import hmac
from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lumbung.messaging.outbox import queries
from lumbung.sms.gateway import plain

FORMAT = "text/plain; version=0.0.4; charset=utf-8"
HELP = {
    "lumbung_outbox_waiting": "What waits to be sent, due or not.",
    "lumbung_outbox_due": "What waits to be sent and may go now.",
    "lumbung_outbox_claimed": "What is being sent, or nobody knows about.",
    "lumbung_outbox_oldest_due_seconds": "For how long the oldest that is due waits.",
    "lumbung_outbox_ended_today": "What was put out today and has ended so.",
    "lumbung_gateway_open": "1 while a gateway is used, 0 while it is left alone or tried.",
    "lumbung_gateway_failures": "How often in a row a gateway failed.",
    "lumbung_gateway_refuses_all": "1 while it refuses the texts of a lane to whatever phone.",
    "lumbung_gateway_refused_phones": "How many phones it refused in a lane since it served one.",
    "lumbung_inbound_waiting": "Texts that were taken in and not dealt with yet.",
    "lumbung_inbound_oldest_seconds": "For how long the oldest of them waits.",
}


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For who brings LUMBUNG_METRICS_SECRET as a bearer token. Closed (404) while there is none."""
    secret = settings.LUMBUNG_METRICS_SECRET
    if not secret:
        raise Http404
    given = request.headers.get("Authorization", "").encode()
    if not hmac.compare_digest(given, f"Bearer {secret}".encode()):
        answer = plain("The bearer token is wrong.", 401)
        answer.headers["WWW-Authenticate"] = 'Bearer realm="metrics"'
        return answer
    now = timezone.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    said = "\n".join(_lines(queries.standing(now=now, since=midnight)))
    return HttpResponse(said + "\n", content_type=FORMAT)


def _lines(standing: queries.Standing) -> Iterable[str]:
    samples: dict[str, list[tuple[dict[str, str], int]]] = {name: [] for name in HELP}
    for depth in standing.depths:
        place = {"kind": depth.kind, "lane": depth.lane}
        samples["lumbung_outbox_waiting"].append((place, depth.waiting))
        samples["lumbung_outbox_due"].append((place, depth.due))
        samples["lumbung_outbox_claimed"].append((place, depth.claimed))
        samples["lumbung_outbox_oldest_due_seconds"].append((place, depth.oldest_seconds))
    for each in standing.ended:
        end = {"kind": each.kind, "lane": each.lane, "state": each.state, "reason": each.reason}
        samples["lumbung_outbox_ended_today"].append((end, each.count))
    for gateway in standing.gateways:
        samples["lumbung_gateway_open"].append(({"gateway": gateway.name}, int(gateway.state == "open")))
        samples["lumbung_gateway_failures"].append(({"gateway": gateway.name}, gateway.failures))
    for refused in standing.refusals:
        place = {"gateway": refused.gateway, "by": refused.by, "lane": refused.lane}
        samples["lumbung_gateway_refuses_all"].append((place, int(refused.since is not None)))
        samples["lumbung_gateway_refused_phones"].append((place, refused.phones))
    samples["lumbung_inbound_waiting"].append(({}, standing.inbound))
    samples["lumbung_inbound_oldest_seconds"].append(({}, standing.inbound_seconds))
    for name, found in samples.items():
        yield f"# HELP {name} {HELP[name]}"
        yield f"# TYPE {name} gauge"
        for labels, value in found:
            said = ",".join(f'{label}="{text}"' for label, text in labels.items())
            yield f"{name}{{{said}}} {value}" if said else f"{name} {value}"
