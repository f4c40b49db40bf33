"""What takes back an entry locks like everybody else: lines, accounts, entry; so nobody waits in a ring."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connection, connections
from samples import ANI, BUDI, NOW, contribution, plain

from lumbung.ledger import actions, errors, queries
from waiting import wait_until_blocked

pytestmark = pytest.mark.usefixtures("clone")
CORRECT = """
    SELECT is_new FROM ledger_correct(
        %s, ARRAY[%s], ARRAY['member_old_age', 'suspense'], ARRAY[5, -5], 'c:1', 'wrong', NULL, %s
    )
"""


def reverse(entry_id: int) -> actions.Posted:
    return actions.reverse(entry_id, key="x:1", reason="all wrong", now=NOW)


def correct_both(entry_id: int) -> actions.Posted:
    control = (("member_old_age", 12), ("suspense", -12))
    return actions.correct(entry_id, [ANI, BUDI], control=control, key="x:1", reason="wrong", now=NOW)


@pytest.mark.parametrize(
    ("deed", "refusal"), [(reverse, errors.PartlyCorrected), (correct_both, errors.AlreadyCorrected)]
)
def test_who_holds_the_accounts_takes_back_lines_while_another_waits_to(
    deed: Callable[[int], actions.Posted],
    refusal: type[errors.LedgerRefusal],
    app_url: str,
    superuser_url: str,
) -> None:
    """As a correction of a return does while somebody reverses its entry: one after the other, no deadlock."""
    entry_id = actions.post(contribution("r", {ANI: (5, 0), BUDI: (7, 0)}), now=NOW).entry_id
    sessions: list[int] = []

    def run() -> object:
        try:
            connection.ensure_connection()
            sessions.append(connection.connection.info.backend_pid)
            return deed(entry_id)
        except errors.LedgerRefusal as refused:
            return type(refused)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with plain(app_url, autocommit=False) as first:
            first.execute("SELECT ledger_lock(%s)", [[ANI]])
            waiting = pool.submit(run)
            wait_until_blocked(superuser_url, sessions)
            assert first.execute(CORRECT, [entry_id, ANI, NOW]).fetchone() == (True,)
        assert waiting.result(60) is refusal
    assert queries.balance(ANI, None).old_age_balance == 0
    assert queries.balance(BUDI, None).old_age_balance == 7
    assert queries.check().faults == ()


def test_only_the_books_own_functions_hold_their_lines(app_url: str) -> None:
    with plain(app_url) as application, pytest.raises(psycopg.errors.InsufficientPrivilege):
        application.execute("SELECT ledger_hold_lines()")
