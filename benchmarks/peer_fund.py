"""A fund in django-hordak: contributions of many members by bulk_create, and by its own API."""

import time
from datetime import date

from django.db import connection, transaction
from hordak.models import Account, AccountType, Leg, Transaction
from moneyed import Money

OLD_AGE, PENSION = Money(285_000, "IDR"), Money(150_000, "IDR")


class Fund:
    """An account for each member's old-age money and one for the pension's, and suspense.

    hordak has no key that would make a repeat harmless, so here a repeat would post twice.
    """

    def __init__(self) -> None:
        self.suspense = Account.objects.create(
            name="Suspense", code="9", type=AccountType.asset, currencies=["IDR"]
        )
        self.accounts: list[tuple[int, int]] = []
        self.together = 1

    def open(self, members: int) -> None:
        """Open accounts up to so many members, past the tree's slow way of adding one by one."""
        first = 10 + 2 * len(self.accounts)
        rows = [
            Account(
                name=f"{at}", type=AccountType.liability, currencies=["IDR"], lft=1, rght=2, tree_id=first + at,
                level=0,
            )
            for at in range(2 * (members - len(self.accounts)))
        ]  # fmt: skip
        made = [row.pk for row in Account.objects.bulk_create(rows, batch_size=5_000)]
        self.accounts += zip(made[::2], made[1::2], strict=True)

    def warm_up(self, members: int, batch: int) -> None:
        """Choose how many members one hordak transaction holds: the fastest number.

        Its constraint trigger sums all legs of a transaction again for each leg, so more is not better. Then
        begin a new session, for plans made on empty tables would stay slow.
        """
        self.bulk(members, batch)
        self._analyse()
        taken = {}
        for self.together in (1, 20, 100):
            taken[self.bulk(members, batch)] = self.together
        self.together = taken[min(taken)]
        self._analyse()

    def _analyse(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        connection.close()

    def bulk(self, members: int, batch: int) -> float:
        """Contributions of so many members, `batch` of them in each durable transaction of the database."""
        began = time.perf_counter()
        for start in range(0, members, batch):
            with transaction.atomic():
                self._post(self.accounts[start : min(start + batch, members)])
        return time.perf_counter() - began

    def _post(self, accounts: list[tuple[int, int]]) -> None:
        day, count = date(2025, 1, 10), self.together
        groups = [accounts[start : start + count] for start in range(0, len(accounts), count)]
        entries = Transaction.objects.bulk_create(Transaction(date=day) for _ in groups)
        legs = []
        for group, entry in zip(groups, entries, strict=True):
            legs.append(Leg(transaction=entry, account=self.suspense, debit=Money(435_000 * len(group), "IDR")))
            for old_age, pension in group:
                legs.append(Leg(transaction=entry, account_id=old_age, credit=OLD_AGE))
                legs.append(Leg(transaction=entry, account_id=pension, credit=PENSION))
        Leg.objects.bulk_create(legs, batch_size=6_000)

    def api(self, members: int) -> float:
        """The same through Account.transfer_to: two transfers for each member, one after the other."""
        accounts = Account.objects.in_bulk([pk for pair in self.accounts[:members] for pk in pair])
        began = time.perf_counter()
        for old_age, pension in self.accounts[:members]:
            with transaction.atomic():
                self.suspense.transfer_to(accounts[old_age], OLD_AGE)
                self.suspense.transfer_to(accounts[pension], PENSION)
        return time.perf_counter() - began
