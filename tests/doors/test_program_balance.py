"""The balance for programs: only with its scope, the number never in an address, and one answer to strangers."""

import pytest
from django.http import HttpResponse
from django.test import Client
from door_users import Users

from lumbung.accounts.actions import make_program
from lumbung.api.v1 import programs as schema
from lumbung.ledger import queries as books


def balance_token(*scopes: str) -> str:
    program = make_program("Saldo Uji", scopes=scopes)
    facts = {"grant_type": "client_credentials", "client_id": program.client_id, "client_secret": program.secret}
    return str(Client().post("/api/token", facts).json()["access_token"])


def ask(token: str, number: object) -> HttpResponse:
    headers = {"Authorization": f"Bearer {token}"}
    answer: HttpResponse = Client().post(
        "/api/v1/balance", {"member_number": number}, content_type="application/json", headers=headers
    )
    return answer


def test_a_program_with_the_scope_reads_what_the_books_say(paid: Users):
    found = books.balance("10000000001", None)
    assert found.old_age_balance == 285_000
    answer = ask(balance_token("balance"), "10000000001")
    facts = answer.json()
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    schema.Balance.model_validate(facts, strict=False)
    assert facts.pop("as_of")
    assert facts == {
        "old_age": {"balance": 285_000, "contributions": 285_000, "development": 0, "withdrawals": 0},
        "pension": {"contributions": found.pension_contributions, "months_paid": 1},
    }


def test_a_member_without_contributions_has_nothing(users: Users):
    answer = ask(balance_token("balance"), "10000000002")
    assert (answer.status_code, answer.json()["old_age"]["balance"]) == (200, 0)


@pytest.mark.parametrize("number", ["99999999999", "1", "0" * 32])
def test_a_number_that_nobody_has_is_not_found(users: Users, number: str):
    answer = ask(balance_token("balance"), number)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("number", ["", "x", "1" * 33, "1\0", "1' OR '1'='1", 7, None, [], {"a": 1}])
def test_what_can_be_no_number_is_refused_without_repeating_it(users: Users, number: object):
    answer = ask(balance_token("balance"), number)
    assert answer.status_code == 422
    if isinstance(number, str) and len(number) > 1:
        assert number.encode() not in answer.content


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"\xff", b'{"member_number": "1', b"{}"])
def test_what_is_no_question_is_refused(users: Users, body: bytes):
    headers = {"Authorization": f"Bearer {balance_token('balance')}"}
    answer = Client().post("/api/v1/balance", body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_request")


def test_the_description_says_what_to_send_and_what_comes(users: Users):
    headers = {"Authorization": f"Bearer {balance_token('me', 'balance')}"}
    described = Client().get("/api/v1/openapi.json", headers=headers).json()["paths"]["/api/v1/balance"]["post"]
    asked = described["requestBody"]["content"]["application/json"]["schema"]
    assert asked["required"] == ["member_number"]
    assert described["responses"]["200"]["content"]["application/json"]["schema"]


def test_other_scopes_and_no_token_get_nothing(paid: Users):
    answer = ask(balance_token("me"), "10000000001")
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_needed")
    assert ask("nothing", "10000000001").status_code == 401


def test_no_program_gets_the_scope_by_itself(users: Users):
    facts = {"grant_type": "client_credentials", "client_id": users.program.client_id, "scope": "balance"}
    answer = Client().post("/api/token", {**facts, "client_secret": users.program.secret})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
