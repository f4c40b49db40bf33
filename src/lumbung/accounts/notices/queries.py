"""Where a user can be told something."""

from allauth.account.models import EmailAddress

from lumbung.accounts.models import Phone, User


def addresses(user: User) -> list[str]:
    """The e-mail addresses that the user confirmed, and the one on file at the fund."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    on_file = user.person.email if user.person is not None else None
    return sorted({address.lower() for address in (*confirmed, on_file) if address})


def phones(user: User) -> list[str]:
    """The phone that the user confirmed, and the one on file at the fund, in E.164."""
    confirmed = [phone.number for phone in Phone.objects.filter(user=user, verified_at__isnull=False)]
    on_file = user.person.phone if user.person is not None else None
    return sorted({number for number in (*confirmed, on_file) if number})
