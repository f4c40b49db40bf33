"""What docs/security says is there: every requirement, limit, way in, time and column, and every test it names."""

import re
from pathlib import Path

import pytest
from allauth.account import app_settings as account
from allauth.idp.oidc import app_settings as programs
from allauth.mfa import app_settings as second_factors
from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from lumbung.accounts import models as accounts
from lumbung.accounts.models import User
from lumbung.accounts.passwords.policy import FUND_WORDS, LEAST, LEAST_WITH_FACTOR
from lumbung.api.scopes import SCOPES
from lumbung.casework.models import Case, Reading
from lumbung.config.doors import DOORS
from lumbung.registry.models import MemberNumber, Person

ROOT = Path(__file__).resolve().parent.parent
SOURCE, TESTS = ROOT / "src" / "lumbung", ROOT / "tests"
STANDARD = (ROOT / "docs" / "security" / "asvs.md").read_text(encoding="utf-8")
DOCUMENT = (ROOT / "docs" / "security" / "authentication.md").read_text(encoding="utf-8")
# The requirements of levels 1 and 2 in ASVS 5.0.0: section → how they are numbered there.
REQUIREMENTS = {
    "3.2": (1, 2), "3.3": (1, 2, 3, 4), "3.4": (1, 2, 3, 4, 5, 6), "3.5": (1, 2, 3, 4, 5), "3.7": (1, 2),
    "6.1": (1, 2, 3), "6.2": range(1, 13), "6.3": (1, 2, 3, 4), "6.4": (1, 2, 3, 4), "6.5": (1, 2, 3, 4, 5),
    "6.6": (1, 2, 3), "6.8": (1, 2, 3, 4),
    "7.1": (1, 2, 3), "7.2": (1, 2, 3, 4), "7.3": (1, 2), "7.4": (1, 2, 3, 4, 5), "7.5": (1, 2), "7.6": (1, 2),
    "8.1": (1, 2), "8.2": (1, 2, 3), "8.3": (1,), "8.4": (1,),
    "14.3": (1, 2, 3),
}  # fmt: skip
IDS = [f"{section}.{number}" for section, numbers in REQUIREMENTS.items() for number in numbers]
ROWS = {found[1]: found[0] for found in re.finditer(r"^\| (\d+\.\d+\.\d+) \|.*$", STANDARD, re.M)}
TEST = re.compile(r"`([\w/]+\.py)::(\w+)`")
PLACE = re.compile(r"`([\w/]+\.(?:py|js|html))(?::(\w+))?`")
SETTING = re.compile(r"`([A-Z][A-Z]+(?:_[A-Z]+)+)`")
# Steps on a way in that let nobody go on by themselves, and pages that only explain.
LEADS_ON = {
    "login/start-over/", "recover/", "recover/nothing-arrives/", "recover/phone/", "recover/email/",
    "recover/both/sent/", "recover/done/", "password/reset/done/", "username/forgotten/sent/",
    "register/contacts/", "register/account/", "register/confirm/", "register/code/missing/",
    "register/link-sent/", "register/on-file/", "register/waiting/", "register/go-on/", "register/done/",
}  # fmt: skip
WAYS = (
    "login/",
    "recover/",
    "register/",
    "password/",
    "username/",
    "reauthenticate/",
    "api/token",
    "api/revoke",
    "sms/",
)


def chapter(title: str) -> str:
    """The text under a heading of authentication.md."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", DOCUMENT, re.M | re.S)
    assert found, title
    return found[1]


def cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip("|").split("|")]


def test_every_requirement_is_answered_once():
    listed = re.findall(r"^\| (\d+\.\d+\.\d+) \|", STANDARD, re.M)
    assert listed == IDS


@pytest.mark.parametrize("number", IDS)
def test_each_answer_names_a_place_or_reason_and_tests_that_are_there(number: str):
    _, asks, met, where, shown = cells(ROWS[number])
    assert asks
    assert where
    assert met in {"yes", "argued", "n/a"}
    named = TEST.findall(shown)
    assert named, "no test shows it"
    for file, name in named:
        assert re.search(rf"^def {name}\(", (TESTS / file).read_text(encoding="utf-8"), re.M), (file, name)


def test_every_file_name_and_setting_is_there():
    for text in (STANDARD, DOCUMENT):
        for file, name in PLACE.findall(text):
            path = next((folder / file for folder in (SOURCE, ROOT) if (folder / file).is_file()), None)
            assert path or (TESTS / file).is_file(), file
            assert not name or re.search(rf"\b{name}\b", (path or TESTS / file).read_text(encoding="utf-8")), (
                file,
                name,
            )
        for name in SETTING.findall(text):
            assert hasattr(settings, name) or name in (SOURCE / "config" / "settings.py").read_text(), name


def test_every_deviation_is_argued_and_nothing_else():
    argued = [number for number, row in ROWS.items() if cells(row)[2] == "argued"]
    reasons = STANDARD.partition("## Deviations")[2]
    assert re.findall(r"^\*\*(\d+\.\d+\.\d+), ", reasons, re.M) == argued


def test_every_link_leads_somewhere():
    anchors = {
        re.sub(r"[^\w -]", "", title).lower().replace(" ", "-")
        for title in re.findall(r"^## (.+)$", DOCUMENT, re.M)
    }
    for file, anchor in re.findall(r"\]\(([\w./-]*)#([\w-]+)\)", STANDARD):
        assert not file or anchor in anchors, anchor
    for text in (STANDARD, DOCUMENT):
        for file in re.findall(r"\]\(([\w./-]+\.md)", text):
            assert (ROOT / "docs" / "security" / file).is_file(), file


def test_every_limit_is_documented():
    text = chapter("How often one may try")
    limits = {**account.RATE_LIMITS, **second_factors.RATE_LIMITS, **programs.RATE_LIMITS}
    told = dict(re.findall(r"`(\w+)`[\s|(]+`([\w/,]+)`", text))
    assert told == {name: rates for name, rates in limits.items() if rates}


def test_the_words_of_the_fund_are_documented():
    text = chapter("Words that no password may hold")
    assert set(FUND_WORDS) | {"LUMBUNG_NAME"} <= set(re.findall(r"`(\w+)`", text))
    assert f"{LEAST} characters, or {LEAST_WITH_FACTOR} beside" in chapter("Every way in")


def addresses(patterns: list[URLPattern | URLResolver], prefix: str = "") -> set[str]:
    found: set[str] = set()
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        found |= addresses(pattern.url_patterns, route) if isinstance(pattern, URLResolver) else {route}
    return found


def test_every_way_in_is_documented():
    """Each address that has to do with getting in stands in the table, or is a step that lets nobody in."""
    told = {address.strip("/") for address in re.findall(r"`(/?[\w/-]+)`", chapter("Every way in"))}
    for door in DOORS:
        for address in addresses(get_resolver(door.urlconf).url_patterns):
            own = address.removeprefix(door.prefix.strip("/") + "/") if door.has_sessions else address
            own = re.sub(r"<[^>]+>/?", "", own)
            if own.startswith(WAYS) and own not in LEADS_ON:
                assert own.strip("/") in told, own


def test_the_times_of_sessions_are_documented():
    text = chapter("How long a session lasts")
    idle, limit = settings.SESSION_COOKIE_AGE // 60, settings.LUMBUNG_SESSION_LIMIT // 3600
    assert f"| without a request | {idle} minutes | {settings.LUMBUNG_PUBLIC_SESSION_AGE // 60} minutes |" in text
    assert f"| since log-in | {limit} hours | {settings.LUMBUNG_PUBLIC_SESSION_LIMIT // 60} minutes |" in text
    assert f"| {settings.ACCOUNT_REAUTHENTICATION_TIMEOUT // 60} minutes old at most |" in text
    assert settings.ACCOUNT_SESSION_REMEMBER is False
    assert "any number" in text
    assert f"opaque token for {settings.IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN // 60} minutes" in chapter("Every way in")


def test_the_functions_of_every_kind_are_documented():
    text = chapter("Who may do what")
    heads = {User.Kind.MEMBER: "Member", User.Kind.EMPLOYER: "Employer's user", User.Kind.OFFICER: "Officer"}
    heads |= {User.Kind.PROGRAM: "Program"}
    assert set(heads) == set(User.Kind)
    assert f"| Function | Nobody | {' | '.join(heads.values())} |" in text
    assert set(SCOPES) <= set(re.findall(r"`(\w+)`", text))


def test_every_column_is_documented():
    """A column that is added to a person's record or account says who may read and write it."""
    told = set(re.findall(r"`(\w+\.\w+)`", chapter("Which field who may read and write")))
    models = [
        model for model in apps.get_app_config("accounts").get_models() if model.__module__ == accounts.__name__
    ]
    columns = {
        f"{model.__name__}.{field.name}"
        for model in (Person, MemberNumber, Case, Reading, *models)
        for field in model._meta.concrete_fields
        if field.name != "id"
    }
    assert columns - told == set()
    assert {name for name in told - columns if name[0].isupper()} == set()


def test_nobody_logs_in_through_another_provider():
    assert settings.AUTHENTICATION_BACKENDS == ["lumbung.accounts.backends.DoorBackend"]
    assert not [app for app in settings.INSTALLED_APPS if "socialaccount" in app or "saml" in app]
