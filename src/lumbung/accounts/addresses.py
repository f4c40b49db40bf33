"""The internet address a request came from, as far as the operator's proxies can be believed."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """As allauth's rate limits know it (ALLAUTH_TRUSTED_PROXY_COUNT)."""
    address: str = get_adapter(request).get_client_ip(request)
    return address
