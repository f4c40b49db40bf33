"""What using or changing a second factor leaves behind."""

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.http import HttpRequest


@transaction.atomic
def use_code(authenticator: Authenticator, code: str) -> bool:
    """Use up a right code of the app and all before it (RFC 6238, section 5.2); false when it was used before."""
    kept = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    secret = totp.decrypt(kept.data["secret"])
    last = kept.data.get("last_counter", 0)
    for counter in totp.yield_hotp_counters_from_time():
        value = totp.format_hotp_value(totp.hotp_value(secret, counter))
        if counter > last and totp.compare_user_code(actual=code, expected=value):
            kept.data["last_counter"] = counter
            kept.save(update_fields=["data"])
            return True
    return False


@transaction.atomic
def renew_session(request: HttpRequest) -> None:
    """Give the session another key, as after each proof of who the user is; the list of sessions follows."""
    before = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)
