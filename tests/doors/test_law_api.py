"""The law for programs: public, described, limited, kept by caches, and what the law itself says to the letter."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone, translation

from lumbung.api.v1 import law as schema
from lumbung.law import calculators, version
from lumbung.law.derivation import as_data, plain
from lumbung.law.parameter import parameters
from lumbung.law.telling import parameter_as_data

ROOT = "/api/v1/law"
ASKED: dict[str, dict[str, Any]] = {
    "contribution": {"wage": 8000000, "month": "2026-10", "risk_class": "II"},
    "own-work": {"income": 2000000, "month": "2026-10", "sector": "transport"},
    "old-age": {"wage": 5000000, "years": 30, "opening": 1000000, "rate": "5.7"},
    "pension": {"born": "1985-03-02", "wage": 6000000, "since": 2016, "scenario": "high"},
}
pytestmark = pytest.mark.django_db


def by_law(page: str) -> calculators.Result:
    facts = {**ASKED[page]}
    if page == "contribution":
        return calculators.contribution(segment="PU", **facts)
    if page == "own-work":
        return calculators.contribution(segment="BPU", **facts)
    if page == "old-age":
        return calculators.old_age(**facts)
    return calculators.pension_at(**facts, today=timezone.localdate())


def ask(page: str, facts: object, **more: Any) -> HttpResponse:
    answer: HttpResponse = Client().post(
        f"{ROOT}/{page}", json.dumps(facts), content_type="application/json", **more
    )
    return answer


@pytest.mark.parametrize("page", ASKED)
@pytest.mark.parametrize("language", ["en", "id"])
def test_an_answer_is_the_laws_with_its_derivation(page: str, language: str):
    answer = ask(page, {**ASKED[page], "language": language})
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (
        200,
        "application/json",
        "no-store",
    )
    facts, found = answer.json(), by_law(page)
    schema.Result.model_validate(facts)
    with translation.override(language):
        assert facts["derivation"] == as_data(found.derivation, translation.gettext)
        assert facts["figures"] == [
            {
                "name": each.name,
                "label": translation.gettext(each.label),
                "value": plain(each.value),
                "unit": each.unit,
            }
            for each in found.figures
        ]
    assert [note["code"] for note in facts["notes"]] == list(found.notes)
    assert facts["law_version"] == version()


@pytest.mark.parametrize("page", ASKED)
def test_the_derivation_is_left_out_when_it_is_not_wanted(page: str):
    facts = ask(page, {**ASKED[page], "explain": False}).json()
    assert facts["derivation"] is None
    assert facts["figures"]


@pytest.mark.parametrize(
    ("page", "changed", "status", "code"),
    [
        ("contribution", {"wage": -1}, 422, "bad_request"),
        ("contribution", {"wage": "8000000"}, 422, "bad_request"),
        ("contribution", {"wage": 8000000.5}, 422, "bad_request"),
        ("contribution", {"wage": True}, 422, "bad_request"),
        ("contribution", {"month": "2026-13"}, 422, "bad_request"),
        ("contribution", {"month": "2015-06"}, 422, "not_yet_in_force"),
        ("contribution", {"month": "2027-03"}, 422, "unknown"),
        ("contribution", {"risk_class": "VI"}, 422, "bad_request"),
        ("contribution", {"nik": "3171010101010001"}, 422, "bad_request"),
        ("contribution", {"3171010101010001": 1}, 422, "bad_request"),
        ("own-work", {"sector": "sea"}, 422, "bad_request"),
        ("old-age", {"years": 51}, 422, "bad_request"),
        ("old-age", {"rate": 5.7}, 422, "bad_request"),
        ("pension", {"born": "1985-02-31"}, 422, "bad_request"),
        ("pension", {"born": "2018-02-28", "since": 2016}, 422, "bad_input"),
        ("pension", {"since": 2099}, 422, "bad_input"),
        ("pension", {"language": "fr"}, 422, "bad_request"),
    ],
)
def test_what_is_refused_is_a_problem_that_repeats_nothing(
    page: str, changed: dict[str, Any], status: int, code: str
):
    answer = ask(page, {**ASKED[page], **changed})
    facts = answer.json()
    assert (answer.status_code, answer["Content-Type"], facts["code"]) == (
        status,
        "application/problem+json",
        code,
    )
    assert (facts["type"], facts["title"], facts["status"]) == ("about:blank", "Unprocessable Entity", 422)
    assert facts["detail"]
    for secret in ("8000000", "3171010101010001", "1985-02-31", "2018-02-28", "6000000"):
        assert secret not in answer.content.decode()


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[]", b"7", b"null", b"[" * 10000])
def test_a_body_that_is_no_question_is_a_problem(body: bytes):
    answer = Client().post(f"{ROOT}/old-age", body, content_type="application/json")
    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"


def test_all_numbers_of_the_law_come_with_their_sources():
    answer = Client().get(f"{ROOT}/parameters")
    facts = answer.json()
    schema.Parameters.model_validate(facts)
    assert facts["law_version"] == version()
    assert facts["parameters"] == [parameter_as_data(each) for each in parameters().values()]


def test_one_number_comes_with_the_cases_that_prove_it():
    facts = Client().get(f"{ROOT}/parameters/pension_wage_cap", {"language": "id"}).json()
    schema.OneParameter.model_validate(facts)
    assert facts["parameter"]["unit"] == "rupiah per bulan"
    assert facts["parameter"]["values"][-1]["value"] == "unknown"
    assert len(facts["cases"]) > 50


@pytest.mark.parametrize("path", ["/law/parameters", "/law/parameters/jkk_rate", "/openapi.json"])
def test_what_changes_seldom_is_kept_by_caches(path: str):
    answer = Client().get(f"/api/v1{path}")
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert not answer.cookies
    again = Client().get(f"/api/v1{path}", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])
    other = Client().get(f"/api/v1{path}?language=id", headers={"If-None-Match": answer["ETag"]})
    assert other.status_code == (304 if path == "/openapi.json" else 200)


@pytest.mark.parametrize("name", ["nothing", "jkk-rate", "..%2Fjkk_rate", "jkk_rate.yaml"])
def test_a_number_that_there_is_not_is_a_problem(name: str):
    answer = Client().get(f"{ROOT}/parameters/{name}")
    assert (answer.status_code, answer["Cache-Control"]) == (404, "no-store") or answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "method"), [("/law/parameters", "post"), ("/law/old-age", "get"), ("/token", "put")]
)
def test_a_wrong_method_is_a_problem_that_names_the_right_one(path: str, method: str, users):
    from test_doors import token

    headers = {"Authorization": f"Bearer {token(users)}"}
    answer = getattr(Client(), method)(f"/api/v1{path}", headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
    assert answer["Allow"] in answer.json()["detail"]


def test_who_asks_too_often_waits(settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "law": "2/m/ip"}
    assert ask("old-age", ASKED["old-age"]).status_code == 200
    assert Client().get(f"{ROOT}/parameters").status_code == 200
    answer = ask("old-age", ASKED["old-age"])
    assert answer.status_code == 429
    assert 50 <= int(answer["Retry-After"]) <= 60, "until the first of the tries is a minute old"
    assert answer.json()["code"] == "too_many_requests"


def test_a_token_or_a_cookie_changes_nothing_here(users):
    from test_doors import token

    plain_answer = Client().get(f"{ROOT}/parameters")
    told = Client().get(f"{ROOT}/parameters", headers={"Authorization": f"Bearer {token(users)}"})
    assert told.content == plain_answer.content
    assert Client().get(f"{ROOT}/parameters", headers={"Authorization": "Bearer x"}).status_code == 200


def test_the_description_names_every_address_its_problems_and_its_law():
    described = Client().get("/api/v1/openapi.json").json()
    assert described["openapi"] == "3.1.0"
    for path, operations in described["paths"].items():
        for operation in operations.values():
            assert operation["summary"], path
            for status, answer in operation["responses"].items():
                media = {"application/json"} if int(status) < 400 else {"application/problem+json"}
                if status == "200" and path.startswith("/api/v1/me/"):  # papers are files
                    media |= {"application/pdf", "image/png"}
                content = answer.get("content", dict.fromkeys(media))
                assert content.keys() <= media, (path, status)
                assert content, (path, status)
    assert f"{ROOT}/parameters/{{parameter}}" in described["paths"]
