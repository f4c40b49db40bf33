"""The chain of digests, which postings never wait for."""

from datetime import timedelta

import pytest
from django.db import transaction
from samples import ANI, BUDI, NOW, contribution, plain, receipt

from lumbung.ledger import actions, errors, queries
from lumbung.ledger.models import Entry, Seal

RECEIPT = (
    "SELECT entry_id FROM ledger_post(%s, 'receipt', '2025-03-10', %s, '', ARRAY['bank', 'suspense'], "
    "ARRAY[5, -5]::bigint[])"
)


@pytest.mark.django_db
def test_each_entry_is_sealed_once_in_the_order_of_ids() -> None:
    entries = [actions.post(receipt(f"b:{number}", 5), now=NOW).entry_id for number in range(5)]
    assert actions.seal() == 5
    assert actions.seal() == 0
    assert list(Seal.objects.order_by("sequence").values_list("sequence", "entry_id")) == [*enumerate(entries, 1)]
    assert len({bytes(seal.digest) for seal in Seal.objects.all()}) == 5
    assert queries.check().faults == ()


@pytest.mark.django_db
def test_what_is_sealed_closes_the_time_before_it() -> None:
    actions.post(receipt("b:1", 5), now=NOW)
    actions.seal()
    actions.post(receipt("b:2", 5), now=NOW - timedelta(minutes=59))  # was under way while the other was sealed
    with pytest.raises(errors.WrongBookTime), transaction.atomic():
        actions.post(receipt("b:3", 5), now=NOW - timedelta(minutes=61))
    actions.seal()
    with pytest.raises(errors.WrongBookTime), transaction.atomic():
        actions.post(receipt("b:4", 5), now=NOW - timedelta(minutes=61))
    actions.post(receipt("b:1", 5), now=NOW - timedelta(days=9))  # a repeat is no posting
    assert queries.check().faults == ()


@pytest.mark.django_db
def test_the_regular_job_seals() -> None:
    actions.post(receipt("b:1", 5), now=NOW)
    actions.seal_regularly(0)
    assert Seal.objects.count() == 1


@pytest.mark.usefixtures("clone")
def test_an_entry_that_commits_after_a_higher_one_was_sealed_is_sealed_too(app_url: str) -> None:
    with plain(app_url, autocommit=False) as slow:
        (late,) = slow.execute(RECEIPT, ["b:slow", NOW]).fetchone()
        early = actions.post(receipt("b:fast", 5), now=NOW).entry_id
        assert late < early
        assert actions.seal() == 1, "sealing waits for nobody"
        slow.commit()
    assert actions.seal() == 1
    assert list(Seal.objects.order_by("sequence").values_list("entry_id", flat=True)) == [early, late]
    assert queries.check().faults == ()


@pytest.mark.usefixtures("clone")
def test_two_sealers_make_one_chain(app_url: str) -> None:
    for number in range(3):
        actions.post(receipt(f"b:{number}", 5), now=NOW)
    with plain(app_url, autocommit=False) as first, plain(app_url) as second:
        assert first.execute("SELECT ledger_seal()").fetchone() == (3,)
        second.execute("SET lock_timeout = '100ms'")
        with pytest.raises(Exception, match="lock timeout"):
            second.execute("SELECT ledger_seal()")
        first.commit()
        assert second.execute("SELECT ledger_seal()").fetchone() == (0,)
    assert queries.check().seals == 3


@pytest.mark.usefixtures("clone")
def test_hundreds_are_sealed_at_once(app_url: str) -> None:
    with plain(app_url, autocommit=False) as connection:
        connection.cursor().executemany(RECEIPT, [(f"b:{number}", NOW) for number in range(700)])
        connection.commit()
    assert actions.seal() == 700
    assert queries.check().faults == ()
    assert Entry.objects.count() == 700


@pytest.mark.usefixtures("clone")
def test_check_counts_what_is_not_sealed_yet() -> None:
    actions.post(contribution("r:1", {ANI: (5, 5), BUDI: (1, 0)}), now=NOW)
    actions.seal()
    actions.post(receipt("b:1", 5), now=NOW)
    report = queries.check()
    assert (report.entries, report.control_lines, report.lines, report.accounts) == (2, 5, 2, 2)
    assert (report.seals, report.unsealed, report.faults) == (1, 1, ())
