"""The lanes of what goes out: what may not wait goes first, however much waits behind it."""

from datetime import timedelta

from django.db.models import IntegerChoices


class Lane(IntegerChoices):
    """Smaller goes first. CODE also takes what is said for the safety of an account, which nobody can stop."""

    CODE = 0
    ANSWER = 1
    NOTICE = 2
    BROADCAST = 3


# How long something is worth sending. A code is good for ten minutes (settings.ACCOUNT_*_TIMEOUT).
WORTH = {
    Lane.CODE: timedelta(minutes=10),
    Lane.ANSWER: timedelta(hours=1),
    Lane.NOTICE: timedelta(hours=24),
    Lane.BROADCAST: timedelta(hours=72),
}
# A lock's or a new phone's letter must arrive, if late.
WORTH_OF_WARNING = timedelta(hours=24)
# The queue's own word for urgency: greater goes first, and 0 is everything else in the queue.
PRIORITY = {Lane.CODE: 30, Lane.ANSWER: 20, Lane.NOTICE: 0, Lane.BROADCAST: -10}
# Lanes whose texts a phone's holder can stop.
STOPPABLE = (Lane.NOTICE, Lane.BROADCAST)
# So many texts an hour to one phone: what goes wrong somewhere must not become a flood, and a flood of notices
# leaves the codes their own share.
MOST_AN_HOUR = {Lane.CODE: 20, Lane.ANSWER: 60, Lane.NOTICE: 20, Lane.BROADCAST: 5}
