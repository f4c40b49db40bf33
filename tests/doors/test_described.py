"""Whatever the interface's own description allows or forbids, it answers as described (schemathesis, a short run).

`make audit` runs the same for long, against a server.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from app_phone import app_of
from django.conf import settings as project
from django.core.cache import cache
from django.test import override_settings
from door_users import Users
from hypothesis import HealthCheck, Phase, given, seed, settings
from test_program_balance import balance_token

# What no schema can say: which months the law knows, which cursors are ours, which program has which right. Those
# are refused although they are well formed, by a problem that is described.
LEFT_OUT = ("positive_data_acceptance",)
EXAMPLES = 12


@pytest.fixture
def unlimited(db: None) -> Iterator[None]:
    cache.clear()
    rates = {**project.ACCOUNT_RATE_LIMITS, "login": "30/m/ip"}
    with override_settings(
        ACCOUNT_RATE_LIMITS={name: re.sub(r"(^|,)\d+/", r"\g<1>1000000/", rate) for name, rate in rates.items()}
    ):
        yield


@pytest.mark.filterwarnings("ignore")
def test_every_answer_is_as_described(paid: Users, unlimited: None, served: Callable[..., list[bytes]]):
    from schemathesis.checks import CHECKS

    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", served)
    headers = {
        "programs": {"Authorization": f"Bearer {balance_token('me', 'balance')}"},
        "me": {"X-Session-Token": app_of("sari").token},
        "law": {},
    }
    left_out = [CHECKS.get_one(name) for name in LEFT_OUT]
    asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path.endswith("/log-out"):  # which would end the session that the others need
            continue
        is_first_step = operation.path.endswith("/log-in")  # for who has no session yet
        _ask(operation, {} if is_first_step else headers[operation.tags[0]], left_out)
        asked += 1
    assert asked == 23


def _ask(operation: Any, headers: dict[str, str], left_out: list[Any]) -> None:
    """So many examples of one operation, the same each time."""

    @seed(2026)
    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def answers(case: Any) -> None:
        case.call_and_validate(headers=headers, excluded_checks=left_out)

    answers()
