"""Users of four kinds that never share a door."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from lumbung.registry.models import Employer, Person


class UserManager(BaseUserManager["User"]):
    """Finds a user by its natural key; users are made in `actions`."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """Somebody or something that logs in: a member, an employer's user, an officer or a program."""

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
    language = models.CharField(max_length=2, default="id")

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
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
