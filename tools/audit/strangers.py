"""The people of the timing audit, and what a stranger asks every door about them and about nobody.

Names, numbers and addresses are invented, and those of nobody look like those of somebody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

PASSWORD = "padi-jagung-sagu-kelapa-2026"
WRONG = "sepeda-hujan-lampu-batu-2027"
BORN, OTHER_DAY = date(1990, 1, 1), date(1990, 1, 2)
CONFIRMED_AT = datetime(2026, 1, 1, tzinfo=UTC)
# The first digits tell who somebody is; nobody has those of NOBODY.
MEMBERS, NEWCOMERS, OFFICERS, NOBODY = 1, 2, 3, 9


@dataclass(frozen=True)
class Somebody:
    """What is known of one person, or would be if there were one."""

    kind: int
    count: int

    @property
    def username(self) -> str:
        return f"anggota.{'abcdefghij'[self.kind]}.{self.count:05}"

    @property
    def phone(self) -> str:
        return f"+62812{self.kind}{self.count:07}"

    @property
    def email(self) -> str:
        return f"warga.{'abcdefghij'[self.kind]}.{self.count:05}@contoh.test"

    @property
    def number(self) -> str:
        return f"7{self.kind}{self.count:09}"

    @property
    def nik(self) -> str:
        return f"99010101{self.kind}{self.count:07}"

    @property
    def name(self) -> str:
        return "Sari Uji Lestari"


def people(kind: int, count: int, *, start: int = 0) -> list[Somebody]:
    """So many of a kind, counted from `start`."""
    return [Somebody(kind, start + each) for each in range(count)]


def make(count: int) -> None:
    """Members with accounts and confirmed contacts, half of them with an officer's code; newcomers without an
    account; officers. One password hash serves all, since making one takes as long as a log-in."""
    from lumbung.accounts.actions import make_member_user
    from lumbung.accounts.models import User
    from lumbung.registry.actions import NewPerson, register_persons

    for kind in (MEMBERS, NEWCOMERS):
        register_persons(
            [NewPerson(each.name, BORN, (each.number,), nik=each.nik) for each in people(kind, count)]
        )
    members = people(MEMBERS, count)
    rows = _rows(members)
    first = make_member_user(rows[members[0].number], members[0].username, PASSWORD)
    User.objects.bulk_create(
        User(kind="member", person=rows[each.number], username=each.username, password=first.password)
        for each in members[1:]
    )
    User.objects.bulk_create(
        User(kind="officer", username=each.username, password=first.password) for each in people(OFFICERS, count)
    )
    _give_contacts(members)
    _give_codes(members[::2], officer=User.objects.filter(kind="officer")[0])


def _rows(whom: Sequence[Somebody]) -> Mapping[str, object]:
    from lumbung.registry.models import MemberNumber

    numbers = [each.number for each in whom]
    return {row.pk: row.person for row in MemberNumber.objects.select_related("person").filter(pk__in=numbers)}


def _give_contacts(members: Sequence[Somebody]) -> None:
    from allauth.account.models import EmailAddress

    from lumbung.accounts.actions import set_phone
    from lumbung.accounts.models import User

    users = {user.username: user for user in User.objects.filter(kind="member")}
    for each in members:
        set_phone(users[each.username], each.phone, verified_at=CONFIRMED_AT)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=users[each.username], email=each.email, verified=True, primary=True) for each in members
    )


def _give_codes(members: Sequence[Somebody], officer: object) -> None:
    from django.utils import timezone

    from lumbung.accounts.models import RecoveryCode

    now, rows = timezone.now(), _rows(members)
    RecoveryCode.objects.bulk_create(
        RecoveryCode(
            person=rows[each.number], code_hash=bytes(32), given_by=officer, given_at=now,
            expires_at=now + timedelta(hours=72),
        )
        for each in members
    )  # fmt: skip


@dataclass(frozen=True)
class Question:
    """One form of one door, filled in by a stranger in several ways that must take equally long.

    `leads` is where every answer must lead, "" when it must be the form again with no single field marked wrong.
    `sides`: what is asked about → the forms. `before`: the address of a page that the form goes to first, whose
    time does not count; then `steps` are the fields of the form at `path`.
    """

    name: str
    path: str
    leads: str
    sides: Mapping[str, Sequence[Mapping[str, str]]]
    before: str = ""
    steps: Mapping[str, str] = field(default_factory=dict)


def questions(count: int, *, start: int) -> list[Question]:
    """Every door that a stranger may ask, about `count` of each kind from `start` on."""
    known, new, officers, nobody = (
        people(kind, count, start=start) for kind in (MEMBERS, NEWCOMERS, OFFICERS, NOBODY)
    )
    return [*_log_ins(known, officers, nobody), *_codes(known, nobody), *_ways_back(known, nobody),
            *_who(known, new, nobody), _officers_code(known, nobody)]  # fmt: skip


def _log_ins(known: list[Somebody], officers: list[Somebody], nobody: list[Somebody]) -> list[Question]:
    def forms(whom: list[Somebody], what: str) -> list[dict[str, str]]:
        return [{"login": getattr(each, what), "password": WRONG} for each in whom]

    asked = [
        Question(
            f"log-in by {what}", "/login/", "", {"nobody's": forms(nobody, what), "a member's": forms(known, what)}
        )
        for what in ("username", "email", "phone")
    ]
    sides = {**asked[0].sides, "an officer's": forms(officers, "username")}
    return [Question(asked[0].name, asked[0].path, "", sides), *asked[1:]]


def _codes(known: list[Somebody], nobody: list[Somebody]) -> list[Question]:
    return [
        Question(
            f"log-in code by {what}",
            "/login/code/",
            "/login/code/confirm/",
            {
                "nobody's": [{"contact": getattr(each, what)} for each in nobody],
                "a member's": [{"contact": getattr(each, what)} for each in known],
            },
        )
        for what in ("phone", "email")
    ]


def _ways_back(known: list[Somebody], nobody: list[Somebody]) -> list[Question]:
    resets = [
        Question(
            f"forgotten password by {what}",
            "/password/reset/",
            "/password/reset/code/",
            {
                "nobody's": [{"login": getattr(each, what), "channel": "phone"} for each in nobody],
                "a member's": [{"login": getattr(each, what), "channel": "phone"} for each in known],
            },
        )
        for what in ("username", "phone", "email")
    ]
    names = [
        Question(
            f"forgotten user name by {what}",
            "/username/forgotten/",
            "/username/forgotten/sent/",
            {
                "nobody's": [{"contact": getattr(each, what)} for each in nobody],
                "a member's": [{"contact": getattr(each, what)} for each in known],
            },
        )
        for what in ("phone", "email")
    ]
    return resets + names


def facts(who: Somebody, *, nik: str = "", born: date = BORN, name: str = "") -> dict[str, str]:
    """The four facts, as the boxes of the forms take them."""
    boxes = (f"{born:%d}", f"{born:%m}", f"{born:%Y}")
    dates = {f"born_{box}": text for box, text in zip(("day", "month", "year"), boxes, strict=True)}
    return {"number": who.number, "nik": nik or who.nik, "name": name or who.name, **dates}


def _who(known: list[Somebody], new: list[Somebody], nobody: list[Somebody]) -> list[Question]:
    sides = {
        "no such number": [facts(each) for each in nobody],
        "another KTP number": [facts(one, nik=other.nik) for one, other in zip(new, nobody, strict=True)],
        "another birth date": [facts(each, born=OTHER_DAY) for each in new],
        "has an account": [facts(each) for each in known],
    }
    asked = {"way": "counter", "reach": ""}
    wanted = {
        "no such number": [{**facts(each), **asked} for each in nobody],
        "has an account": [{**facts(each), **asked} for each in known],
    }
    taken = {
        "nobody's phone": [{"phone": each.phone, "email": ""} for each in nobody],
        "a member's phone": [{"phone": each.phone, "email": ""} for each in known],
    }
    return [
        Question("registration, who", "/register/", "", sides),
        Question("asking for a new start", "/recover/both/", "/recover/both/sent/", wanted),
        Question(
            "registration, code to a phone",
            "/register/confirm/",
            "/register/code/",
            taken,
            before="/register/contacts/",
            steps={"way": "sms"},
        ),
    ]


def _officers_code(known: list[Somebody], nobody: list[Somebody]) -> Question:
    def forms(whom: list[Somebody], born: date = BORN) -> list[dict[str, str]]:
        kept = ("number", "born_day", "born_month", "born_year")
        return [{**{key: facts(each, born=born)[key] for key in kept}, "code": "AAAAA-AAAAA"} for each in whom]

    sides = {
        "no such number": forms(nobody),
        "another birth date": forms(known, OTHER_DAY),
        "no code was given": forms(known[1::2] * 2),
        "a code was given": forms(known[::2] * 2),
    }
    return Question("officer's code", "/recover/officer-code/", "", sides)
