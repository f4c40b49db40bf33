"""Users of four kinds that never share a door."""

from allauth.usersessions.models import UserSession
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from lumbung.encryption import EncryptedText
from lumbung.messaging.models import PushAddress
from lumbung.registry.models import Employer, MemberNumber, Person


class UserManager(BaseUserManager["User"]):
    """Finds a user by its natural key; users are made in `actions`."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """Somebody or something that logs in: a member, an employer's user, an officer or a program.

    Who registers by himself (`registered_at`) is not confirmed until one of his contacts is: nobody logs in with
    it, and it is forgotten after a day. Users whom the fund made are confirmed from the start. `email` is kept in
    step with allauth's address, and `unread` with the messages (inbox.actions): it is read with every page.
    """

    class Kind(models.TextChoices):
        MEMBER = "member"
        EMPLOYER = "employer"
        OFFICER = "officer"
        PROGRAM = "program"

    username = models.CharField(max_length=50, unique=True, db_collation="C")
    email = models.EmailField(blank=True)
    kind = models.CharField(max_length=8, choices=Kind)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, null=True, related_name="user")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, null=True, related_name="users")
    is_active = models.BooleanField(default=True)
    is_confirmed = models.BooleanField(default=True)
    registered_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=2, default="id")
    unread = models.PositiveIntegerField(default=0)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    objects = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="user_kind_fits",
                condition=Q(kind="member", person__isnull=False, employer__isnull=True)
                | Q(kind="employer", person__isnull=True, employer__isnull=False)
                | Q(kind__in=["officer", "program"], person__isnull=True, employer__isnull=True),
            ),
            models.CheckConstraint(
                name="user_unconfirmed_registered",
                condition=Q(is_confirmed=True) | Q(registered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Phone(models.Model):
    """The one phone a user logs in with and gets codes on, in E.164, once it was confirmed at `verified_at`.

    At each door a confirmed phone is one user's; `kind` repeats the user's, for that rule.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="phone")
    kind = models.CharField(max_length=8, choices=User.Kind)
    number = EncryptedText()
    number_index = models.BinaryField(editable=True, db_index=True)
    verified_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="phone_verified_once_a_kind",
                fields=["number_index", "kind"],
                condition=Q(verified_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"phone of user {self.user_id}"


class ContactChange(models.Model):
    """A change of a user's phone, e-mail or bank account. Until `cools_until`, nothing that moves money is done.

    `old` and `new` are masked; `old` is empty when there was none. Both are told, whoever made the change.
    """

    class Kind(models.TextChoices):
        PHONE = "phone"
        EMAIL = "email"
        BANK = "bank"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="contact_changes")
    kind = models.CharField(max_length=5, choices=Kind)
    old = models.CharField(max_length=100, blank=True)
    new = models.CharField(max_length=100)
    changed_at = models.DateTimeField()
    cools_until = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="contact_change_cools", condition=Q(cools_until__gt=models.F("changed_at"))
            ),
        ]
        indexes = [models.Index(name="contact_change_by_user", fields=["user", "-changed_at"])]

    def __str__(self) -> str:
        return f"contact change {self.pk}"


class WaitingPhone(models.Model):
    """A phone (E.164), not on file, from which somebody sent all facts of a person (DAFTAR). It is told nothing
    and may ask for nothing until the person says in the account that it is his, or the office puts it on file.

    `refused_at`: the person said that it is not his. Forgotten after some days.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="waiting_phones")
    number = EncryptedText()
    number_index = models.BinaryField(editable=True)
    asked_at = models.DateTimeField()
    refused_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="waiting_phone_once", fields=["person", "number_index"]),
        ]

    def __str__(self) -> str:
        return f"waiting phone {self.pk}"


class ReadOnly(models.Model):
    """A time in which a user may look and change nothing: after a recovery without any old channel, or a lock.

    It is over at `until`, or when it is lifted before; a lock has no `until` and is lifted by hand.
    """

    class Cause(models.TextChoices):
        RECOVERED = "recovered"
        LOCKED = "locked"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="read_only_times")
    cause = models.CharField(max_length=9, choices=Cause)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="read_only_ends", condition=Q(until__isnull=True) | Q(until__gt=models.F("since"))
            ),
        ]
        indexes = [
            models.Index(name="read_only_by_user", fields=["user"], condition=Q(lifted_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"read-only time {self.pk}"


class Lock(models.Model):
    """A time in which nothing of a person's is changed or paid out: somebody asked for it, by text (KUNCI), in the
    account or at the office. It belongs to the person, since who has no account can be locked too.

    It has no end but being lifted, in the account with fresh proof, or by an officer with a reason.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="locks")
    place = models.CharField(max_length=10)
    since = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="lock_one_open", fields=["person"], condition=Q(lifted_at__isnull=True)),
            models.CheckConstraint(
                name="lock_lifted_later",
                condition=Q(lifted_at__isnull=True) | Q(lifted_at__gte=models.F("since")),
            ),
        ]
        indexes = [models.Index(name="lock_by_person", fields=["person", "-since"])]

    def __str__(self) -> str:
        return f"lock {self.pk}"


class RecoveryCode(models.Model):
    """A one-time code that an officer gave after a check at a counter or by video. Only its hash is kept.

    It opens a new start of one person's account, until `expires_at`, with at most `MOST_TRIES` wrong tries.
    """

    MOST_TRIES = 5

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.BinaryField(editable=True)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="recovery_codes_given")
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="recovery_code_expires", condition=Q(expires_at__gt=models.F("given_at"))),
            models.UniqueConstraint(
                name="recovery_code_one_open",
                fields=["person"],
                condition=Q(used_at__isnull=True, withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"recovery code {self.pk}"


class RecoveryTries(models.Model):
    """How often a code was tried wrongly, be it one that an officer gave or none: both leave the same kind of row.

    `about` is a keyed digest of the code's row, or of the number and birth date that were typed.
    """

    about = models.BinaryField(primary_key=True)
    count = models.IntegerField()
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return "tries of a recovery code"


class NumberJoin(models.Model):
    """A member number that was moved from one row of a person to that of the same person who logs in, and perhaps
    back again (`parted_at`). Whoever did either is `joined_by` or `parted_by`: the member, or an officer.
    """

    number = models.ForeignKey(MemberNumber, on_delete=models.PROTECT, related_name="joins")
    source = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="joins_away")
    target = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="joins")
    joined_at = models.DateTimeField()
    joined_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    parted_at = models.DateTimeField(null=True)
    parted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="number_join_one_open", fields=["number"], condition=Q(parted_at__isnull=True)
            ),
            models.CheckConstraint(name="number_join_of_two", condition=~Q(source=models.F("target"))),
            models.CheckConstraint(
                name="number_join_parted_later",
                condition=Q(parted_at__isnull=True) | Q(parted_at__gte=models.F("joined_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"join {self.pk}"


class AccessEvent(models.Model):
    """Who did or saw what with one person's record or account, for the person and for auditors. Only added to.

    `what` is a word of `accounts.access_events.WORDS`; `actor` is null when it was nobody who logs in (a phone,
    the queue). `reason` is what an officer gave, sealed since it is free text. `place` is the door. No readable
    column holds a personal value.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="access_events")
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="access_events")
    actor = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="acts")
    what = models.CharField(max_length=40)
    place = models.CharField(max_length=10)
    reason = EncryptedText(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(name="access_event_by_person", fields=["person", "-at"]),
            models.Index(name="access_event_by_user", fields=["user", "-at"]),
        ]

    def __str__(self) -> str:
        return f"access event {self.pk}"


class KnownDevice(models.Model):
    """A kind of device that a user has logged in with before, by a hash of what it says it is and the country."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="known_devices")
    sign = models.CharField(max_length=64)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="known_device_once", fields=["user", "sign"])]

    def __str__(self) -> str:
        return f"known device {self.pk}"


class Message(models.Model):
    """Something that a member is told inside. `word` and `version` name its sentences (inbox.words), `facts` what
    they say of this one, as JSON; so it can be read in either language, and reads the same when sentences improve.
    `cause` names what a notice (accounts.telling) tells of: nobody is told twice of one cause.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="messages")
    word = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    facts = EncryptedText()
    cause = models.CharField(max_length=80, null=True, db_collation="C")
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="message_version_from_one", condition=Q(version__gte=1)),
            models.CheckConstraint(
                name="message_read_later", condition=Q(read_at__isnull=True) | Q(read_at__gte=models.F("made_at"))
            ),
            models.UniqueConstraint(
                name="message_cause_once", fields=["user", "cause"], condition=Q(cause__isnull=False)
            ),
        ]
        indexes = [
            models.Index(name="message_by_user", fields=["user", "-made_at", "-id"]),
            models.Index(name="message_unread", fields=["user"], condition=Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"


class NoticeChoice(models.Model):
    """By which ways, beside the inbox, a member wants to be told of one kind of news (telling.kinds).

    `mail_stopped`: by the button of a mail itself. Then no mail stands in for another way either.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notice_choices")
    kind = models.CharField(max_length=20)
    push = models.BooleanField()
    sms = models.BooleanField()
    mail = models.BooleanField()
    mail_stopped = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(name="notice_choice_once", fields=["user", "kind"])]

    def __str__(self) -> str:
        return f"notice choice {self.pk}"


class NoticeTimes(models.Model):
    """When a member is not to be disturbed, by the fund's clock, over midnight if `quiet_from` is the later one.

    `stands_in`: where a notice did not arrive by the chosen ways, another one may bring it.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="notice_times")
    is_quiet = models.BooleanField()
    quiet_from = models.TimeField()
    quiet_until = models.TimeField()
    stands_in = models.BooleanField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="notice_times_apart", condition=~Q(quiet_from=models.F("quiet_until"))),
        ]

    def __str__(self) -> str:
        return f"notice times {self.pk}"


class PushSubscription(models.Model):
    """A browser that brings a member pushes, since he asked for it there. It ends with the log-out there, and with
    the session there being ended from elsewhere; not because time was up.

    `device` is a digest of the number in the browser's cookie; `session` is the last log-in of the member there.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="push_subscriptions")
    address = models.OneToOneField(PushAddress, on_delete=models.CASCADE, related_name="subscription")
    session = models.ForeignKey(UserSession, on_delete=models.SET_NULL, null=True, related_name="+")
    device = models.CharField(max_length=64, db_index=True)
    user_agent = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"push subscription {self.pk}"
