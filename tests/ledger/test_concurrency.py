"""Many clients at once on the same members, and clients that die: no deadlock, nothing lost, nothing halved."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random

import psycopg
import pytest
from django.db import OperationalError, connection, connections, transaction
from samples import NOW, contribution, plain, receipt

from lumbung.ledger import actions, queries
from lumbung.ledger.actions import Posted
from lumbung.ledger.errors import LedgerRefusal
from lumbung.ledger.models import Entry, MemberAccount, MemberLine
from waiting import wait_until_blocked

CLIENTS = 8
pytestmark = pytest.mark.usefixtures("clone")


def together(work: object, clients: int = CLIENTS) -> list[object]:
    """Run work(client) in as many threads, each with a connection of its own, started at the same instant."""
    barrier = threading.Barrier(clients)

    def run(client: int) -> object:
        try:
            barrier.wait()
            return work(client)  # type: ignore[operator]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(run, range(clients)))


def numbers_of(members: int) -> list[str]:
    return [f"{10_000_000_000 + member * 37}" for member in range(members)]


@pytest.mark.parametrize(
    ("members", "batch", "rounds"),
    [(40, 15, 25), (9, 4, 40), (6000, 2500, 2)],
    ids=["employers", "a few members", "batches with another plan"],
)
def test_overlapping_batches_neither_deadlock_nor_lose_a_line(members: int, batch: int, rounds: int) -> None:
    """Half of the members are new: their accounts are made by whoever comes first."""
    numbers = numbers_of(members)
    actions.post(contribution("start", dict.fromkeys(numbers[::2], (1, 0))), now=NOW)

    def work(client: int) -> Counter[str]:
        random = Random(client)
        got: Counter[str] = Counter()
        for turn in range(rounds):
            size = random.choice([batch, 1, batch // 2])
            shares = {number: (random.randint(1, 999), 5) for number in random.sample(numbers, size)}
            assert actions.post(contribution(f"{client}:{turn}", shares), now=NOW).is_new
            got.update({number: old_age for number, (old_age, _) in shares.items()})
        return got

    expected: Counter[str] = Counter(dict.fromkeys(numbers[::2], 1))
    for got in together(work):
        expected.update(got)  # type: ignore[arg-type]
    balances = MemberAccount.objects.values_list("member_number", "contribution_total", "last_position")
    assert {number: total for number, total, _ in balances} == dict(expected)
    lines = Counter(MemberLine.objects.values_list("member_number", flat=True))
    assert {number: last for number, _, last in balances} == dict(lines)
    report = queries.check()
    assert (report.entries, report.faults) == (CLIENTS * rounds + 1, ())


def test_several_postings_in_one_transaction_go_behind_one_lock() -> None:
    """As a worker does that drains the payments of many employers: lock all of them, then post each."""
    numbers = numbers_of(30)
    actions.post(contribution("start", dict.fromkeys(numbers, (1, 0))), now=NOW)

    def work(client: int) -> int:
        random = Random(client)
        for turn in range(8):
            drafts = [
                contribution(f"{client}:{turn}:{part}", dict.fromkeys(random.sample(numbers, 8), (10, 1)))
                for part in range(4)
            ]
            with transaction.atomic():
                actions.lock([number for draft in drafts for number in draft.members.member_numbers])
                for draft in drafts:
                    actions.post(draft, now=NOW)
        return 8 * 4 * 8

    assert sum(together(work)) + 30 == MemberLine.objects.count()  # type: ignore[arg-type]
    assert queries.check().faults == ()


@pytest.mark.parametrize("repeated", [False, True], ids=["each member once", "members several times in a set"])
def test_overlapping_sets_neither_deadlock_nor_lose_a_line(repeated: bool) -> None:
    """Everybody posts the same drafts and some of his own, in an order of his own, half of the members new."""
    numbers = numbers_of(120)
    actions.post(contribution("start", dict.fromkeys(numbers[::2], (1, 0))), now=NOW)
    shared = [
        contribution(f"all:{turn}:{part}", dict.fromkeys(numbers[part::6], (7, 1)))
        for turn in range(5)
        for part in range(6)
    ]

    def work(client: int) -> list[Posted]:
        random = Random(client)
        got: list[Posted] = []
        for turn in range(5):
            own = [
                contribution(f"{client}:{turn}:{part}", dict.fromkeys(random.sample(numbers, 25), (10, 1)))
                for part in range(3 if repeated else 0)
            ]
            drafts = [*shared[turn * 6 : turn * 6 + 6], *own]
            random.shuffle(drafts)
            got += actions.post_set(drafts, now=NOW)
        return got

    posted = [one for got in together(work) for one in got]  # type: ignore[attr-defined]
    own = CLIENTS * 5 * 3 if repeated else 0
    assert sum(one.is_new for one in posted) == len(shared) + own == Entry.objects.count() - 1
    assert MemberLine.objects.count() == 60 + 5 * 120 + own * 25
    assert queries.check().faults == ()


def test_sets_go_beside_single_postings_and_other_sets_of_many_members() -> None:
    numbers = numbers_of(6000)
    actions.post(contribution("start", dict.fromkeys(numbers, (1, 0))), now=NOW)

    def work(client: int) -> int:
        random = Random(client)
        mine = random.sample(numbers, 3000)
        if client % 2:
            actions.post(contribution(f"{client}", dict.fromkeys(mine, (10, 1))), now=NOW)
        else:
            parts = [dict.fromkeys(mine[at::30], (10, 1)) for at in range(30)]
            drafts = [contribution(f"{client}:{at}", part) for at, part in enumerate(parts)]
            actions.post_set(drafts, now=NOW)
        return len(mine)

    assert sum(together(work)) + 6000 == MemberLine.objects.count()  # type: ignore[arg-type]
    assert queries.check().faults == ()


def test_of_a_reversal_and_corrections_at_once_each_line_is_taken_back_once() -> None:
    numbers = numbers_of(4)
    for turn in range(6):
        entry_id = actions.post(contribution(f"r:{turn}", dict.fromkeys(numbers, (10, 0))), now=NOW).entry_id

        def work(client: int, entry_id: int = entry_id, turn: int = turn) -> str:
            try:
                if client == 0:
                    actions.reverse(entry_id, key=f"x:{turn}", reason="wrong", now=NOW)
                else:
                    wrong = numbers[client % 4 :][:2]
                    control = (("member_old_age", 10 * len(wrong)), ("bank", -10 * len(wrong)))
                    actions.correct(
                        entry_id, wrong, control=control, key=f"c:{turn}:{client}", reason="wrong", now=NOW
                    )
                return "done"
            except LedgerRefusal as refused:
                return refused.code

        results = Counter(together(work))
        assert results["done"] >= 1
        assert set(results) <= {
            "done", "ledger_already_reversed", "ledger_partly_corrected", "ledger_already_corrected",
        }  # fmt: skip
    assert queries.check().faults == ()
    assert all(balance >= 0 for balance in MemberAccount.objects.values_list("contribution_total", flat=True))


def test_one_fact_that_all_post_at_once_is_posted_once() -> None:
    draft = contribution("return:1", dict.fromkeys(numbers_of(20), (570, 300)))
    results = together(lambda client: actions.post(draft, now=NOW + timedelta(minutes=client)))
    posted = [result for result in results if isinstance(result, Posted)]
    assert sorted(result.is_new for result in posted) == [False] * (CLIENTS - 1) + [True]
    assert len({result.entry_id for result in posted}) == 1
    assert (Entry.objects.count(), MemberLine.objects.count()) == (1, 20)


def test_sealing_and_checking_go_on_beside_postings() -> None:
    numbers = numbers_of(12)

    def work(client: int) -> int:
        for turn in range(10):
            if client == 0:
                actions.seal()
            elif client == 1:
                assert queries.check().faults == (), "a check sees one state of the books"
            else:
                actions.post(contribution(f"{client}:{turn}", dict.fromkeys(numbers, (3, 1))), now=NOW)
        return client

    together(work)
    actions.seal()
    report = queries.check()
    assert (report.entries, report.unsealed, report.faults) == ((CLIENTS - 2) * 10, 0, ())


def test_a_month_without_a_partition_is_made_by_one_of_many() -> None:
    numbers = numbers_of(CLIENTS)

    def work(client: int) -> bool:
        later = NOW + timedelta(days=31 * (client % 3))
        return actions.post(contribution(f"r:{client}", {numbers[client]: (5, 5)}), now=later).is_new

    assert together(work) == [True] * CLIENTS
    assert queries.check().lines == CLIENTS


def end(superuser_url: str, pid: int) -> None:
    """End a server process the hard way, as a crash of the client or an operator would."""
    with plain(superuser_url) as superuser:
        assert superuser.execute("SELECT pg_terminate_backend(%s, 5000)", [pid]).fetchone() == (True,)


def test_a_client_that_dies_before_its_commit_has_posted_nothing(superuser_url: str) -> None:
    draft = contribution("return:1", dict.fromkeys(numbers_of(50), (570, 300)))

    def post_and_die() -> None:
        with transaction.atomic():
            assert actions.post(draft, now=NOW).is_new
            end(superuser_url, connection.connection.info.backend_pid)

    with pytest.raises(OperationalError):
        post_and_die()
    connection.close()
    assert (Entry.objects.count(), MemberAccount.objects.count()) == (0, 0)
    assert actions.post(draft, now=NOW).is_new
    assert queries.check().faults == ()


def test_a_posting_that_is_killed_in_its_midst_leaves_nothing(superuser_url: str, app_url: str) -> None:
    """The victim waits for an account in the middle of its batch; there it is ended."""
    numbers = numbers_of(50)
    actions.post(contribution("start", dict.fromkeys(numbers, (1, 0))), now=NOW)
    draft = contribution("return:1", dict.fromkeys(numbers, (570, 300)))
    victims: list[int] = []

    def victim() -> str:
        try:
            connection.ensure_connection()
            victims.append(connection.connection.info.backend_pid)
            actions.post(draft, now=NOW)
        except OperationalError as died:
            return type(died.__cause__).__name__
        finally:
            connections.close_all()
        return "lived"

    with plain(app_url, autocommit=False) as blocker, ThreadPoolExecutor(1) as pool:
        blocker.execute("SELECT ledger_lock(%s)", [[numbers[25]]])
        dying = pool.submit(victim)
        wait_until_blocked(superuser_url, victims)
        end(superuser_url, victims[0])
        assert dying.result() == "AdminShutdown"
    assert MemberLine.objects.count() == 50
    assert queries.check().faults == ()
    assert actions.post(draft, now=NOW).is_new
    assert queries.check().faults == ()


def test_an_answer_that_got_lost_is_asked_for_again(app_url: str) -> None:
    """Committed and not acknowledged: the repeat finds the entry."""
    draft = receipt("bank:1", 5)
    first = actions.post(draft, now=NOW)
    with plain(app_url) as other:
        again = other.execute(
            "SELECT entry_id, is_new FROM ledger_post('bank:1', 'receipt', %s, %s, '', "
            "ARRAY['bank', 'suspense'], ARRAY[5, -5]::bigint[])",
            [draft.day, NOW],
        ).fetchone()
    assert again == (first.entry_id, False)


def test_a_lock_makes_no_account_and_lasts_as_long_as_the_transaction(app_url: str) -> None:
    numbers = numbers_of(3)
    actions.post(contribution("start", dict.fromkeys(numbers, (1, 0))), now=NOW)
    with plain(app_url) as other:
        other.execute("SET lock_timeout = '100ms'")
        with transaction.atomic():
            assert actions.lock([*reversed(numbers), "99999999999", numbers[0]]) == 3
            with pytest.raises(psycopg.errors.LockNotAvailable):
                other.execute("SELECT ledger_lock(%s)", [numbers])
        assert other.execute("SELECT ledger_lock(%s)", [numbers]).fetchone() == (3,)
    assert MemberAccount.objects.count() == 3
    with pytest.raises(AssertionError, match="transaction"):
        actions.lock(numbers)
