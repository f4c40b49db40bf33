"""Programs: tokens for a secret, scopes, and nothing without them."""

import base64
from typing import Any

import pytest
from allauth.idp.oidc.models import Client as Registration
from allauth.idp.oidc.models import Token
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from door_users import Users

from lumbung.accounts.actions import Program


def ask(program: Program, client: Client | None = None, **facts: str) -> HttpResponse:
    """Ask for a token the way most libraries do, with the secret in the header."""
    pair = f"{facts.pop('client_id', program.client_id)}:{facts.pop('secret', program.secret)}"
    headers = {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    body = {"grant_type": "client_credentials", **facts}
    answer: HttpResponse = (client or Client()).post("/api/token", body, headers=headers)
    return answer


def me(value: str, **more: Any) -> HttpResponse:
    answer: HttpResponse = Client().get("/api/v1/token", headers={"Authorization": f"Bearer {value}"}, **more)
    return answer


def test_a_secret_becomes_a_token_and_the_token_opens_the_programs_own(users: Users):
    answer = ask(users.program)
    facts = answer.json()
    assert (answer.status_code, facts["token_type"], facts["expires_in"]) == (200, "Bearer", 3600)
    assert facts["scope"] == "me"
    assert "refresh_token" not in facts
    assert "no-store" in answer["Cache-Control"]
    assert me(facts["access_token"]).json() == {"name": "Payroll Uji", "scopes": ["me"]}
    assert not Token.objects.filter(hash=facts["access_token"]).exists(), "only its hash is kept"


def test_the_secret_may_come_in_the_form(users: Users):
    body = {"grant_type": "client_credentials", "client_id": users.program.client_id}
    answer = Client().post("/api/token", {**body, "client_secret": users.program.secret})
    assert answer.status_code == 200


def test_a_wrong_secret_and_an_unknown_program_get_one_answer(users: Users):
    wrong = [
        ask(users.program, secret="wrong"),
        ask(users.program, client_id="0" * 32),
        ask(users.program, secret=""),
    ]
    assert {answer.status_code for answer in wrong} == {401}
    assert {answer.content for answer in wrong} == {wrong[0].content}


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"grant_type": "password", "username": "sari", "password": "x"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code", "code": "x"}, "unsupported_grant_type"),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:device_code"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "unsupported_grant_type"),
        ({"scope": "me returns"}, "invalid_scope"),
        ({"resource": "not an address"}, "invalid_target"),
    ],
)
def test_other_grants_scopes_and_targets_are_refused(users: Users, facts: dict[str, str], error: str):
    answer = ask(users.program, **facts)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_a_token_lives_as_long_as_it_should(users: Users):
    value = ask(users.program).json()["access_token"]
    refusal = me("no such token")
    assert (refusal.status_code, refusal["WWW-Authenticate"]) == (401, "Bearer")
    Token.objects.update(expires_at=timezone.now())
    assert me(value).content == refusal.content
    value = ask(users.program).json()["access_token"]
    assert me(value).status_code == 200
    users.program.user.is_active = False
    users.program.user.save()
    assert me(value).content == refusal.content


def test_a_token_can_be_given_back(users: Users):
    value = ask(users.program).json()["access_token"]
    pair = f"{users.program.client_id}:{users.program.secret}"
    headers = {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    assert Client().post("/api/revoke", {"token": value}).status_code == 401
    assert me(value).status_code == 200
    assert Client().post("/api/revoke", {"token": value}, headers=headers).status_code == 200
    assert me(value).status_code == 401


def test_a_token_counts_in_its_header_only(users: Users):
    value = ask(users.program).json()["access_token"]
    assert Client().get("/api/v1/token", {"access_token": value}).status_code == 401
    client = Client()
    client.cookies["access_token"] = value
    assert client.get("/api/v1/token").status_code == 401
    assert Client().get("/api/v1/token", headers={"Authorization": f"Basic {value}"}).status_code == 401


def test_a_token_of_a_client_that_is_no_program_is_nothing(users: Users):
    value = ask(users.program).json()["access_token"]
    for owner in (users.member, None):
        Registration.objects.update(owner=owner)
        assert me(value).status_code == 401


def test_a_scope_that_the_token_lacks_is_named_as_the_reason(users: Users):
    value = ask(users.program).json()["access_token"]
    Token.objects.update(scopes="")
    answer = me(value)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_needed")


@pytest.mark.django_db
def test_the_description_is_everybodys_and_asks_for_the_scopes():
    description = Client().get("/api/v1/openapi.json").json()
    assert description["openapi"].startswith("3.1")
    assert {"/api/v1/token", "/api/v1/balance"} <= set(description["paths"])
    flow = description["components"]["securitySchemes"]["Scope"]["flows"]["clientCredentials"]
    assert (flow["tokenUrl"], list(flow["scopes"])) == ("/api/token", ["me", "balance"])


def test_secrets_can_not_be_tried_without_end(users: Users):
    client = Client(REMOTE_ADDR="10.9.9.9")
    answers = [ask(users.program, client, grant_type="x").status_code for _ in range(61)]
    assert answers == [400] * 60 + [429]
