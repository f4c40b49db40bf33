"""What plain SQL may do to the books as the application's role, and as their owner: nothing."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql
from samples import ANI, BUDI, NOW, contribution, plain

from lumbung.ledger import actions, queries

TABLES = {
    "ledger_controlaccount": "name",
    "ledger_entry": "reason",
    "ledger_controlline": "amount",
    "ledger_memberline": "contribution",
    "ledger_memberline_2025_03": "contribution",
    "ledger_memberline_2025_04": "contribution",
    "ledger_memberaccount": "contribution_total",
    "ledger_seal": "booked_to",
}
VERBS = {
    "insert": "INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM {table}",
    "insert nothing": "INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM {table} WHERE false",
    "insert or do nothing": (
        "INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM {table} ON CONFLICT DO NOTHING"
    ),
    "copy": "COPY {table} FROM STDIN",
    "update": "UPDATE {table} SET {column} = {column}",
    "update nothing": "UPDATE {table} SET {column} = {column} WHERE false",
    "delete": "DELETE FROM {table}",
    "delete nothing": "DELETE FROM {table} WHERE false",
    "truncate": "TRUNCATE {table} CASCADE",
    "merge": "MERGE INTO {table} AS t USING (SELECT 1) AS s ON true WHEN MATCHED THEN DELETE",
}


@pytest.fixture
def books(clone: object) -> None:
    """Two months of sealed books with a reversal."""
    posted = actions.post(contribution("r:1", {ANI: (570, 300), BUDI: (285, 0)}), now=NOW)
    actions.post(contribution("r:2", {ANI: (570, 300)}), now=NOW.replace(month=4))
    actions.reverse(posted.entry_id, key="x:1", reason="wrong", now=NOW.replace(month=4))
    actions.seal()


def contents(url: str) -> dict[str, list[tuple[object, ...]]]:
    with plain(url) as connection:
        return {
            table: connection.execute(
                sql.SQL("SELECT * FROM {} ORDER BY 1, 2").format(sql.Identifier(table))
            ).fetchall()
            for table in TABLES
        }


def statements() -> Iterator[tuple[str, sql.Composed]]:
    """Every verb on every table."""
    for table, column in TABLES.items():
        for verb, text in VERBS.items():
            names = {"table": sql.Identifier(table), "column": sql.Identifier(column)}
            yield f"{verb} {table}", sql.SQL(text).format(**names)


def answers(url: str) -> dict[str, str]:
    """The SQLSTATE with which each statement is refused, or `done`."""
    states = {}
    with plain(url) as connection:
        for name, statement in statements():
            try:
                if name.startswith("copy"):
                    with connection.cursor().copy(statement):
                        pass
                else:
                    connection.execute(statement)
                states[name] = "done"
            except psycopg.Error as refused:
                states[name] = refused.sqlstate or ""
    return states


@pytest.mark.usefixtures("books")
def test_the_applications_role_may_write_no_table(app_url: str, owner_url: str) -> None:
    before = contents(owner_url)
    found = answers(app_url)
    assert len(found) == len(TABLES) * len(VERBS)
    assert set(found.values()) == {"42501"}, "insufficient privilege"
    assert contents(owner_url) == before


@pytest.mark.usefixtures("books")
def test_even_the_owner_is_refused_every_verb_on_every_table(owner_url: str) -> None:
    before = contents(owner_url)
    assert {name: state for name, state in answers(owner_url).items() if state != "LE010"} == {}
    assert contents(owner_url) == before
    assert queries.check().faults == ()


@pytest.mark.usefixtures("books")
def test_every_partition_is_guarded_and_closed(owner_url: str, app_url: str) -> None:
    """Those that the migration made ahead, and those that a posting made."""
    with plain(owner_url) as owner, plain(app_url) as app:
        partitions = [
            name
            for (name,) in owner.execute(
                "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'ledger_memberline'::regclass"
            )
        ]
        assert {"ledger_memberline_2025_03", "ledger_memberline_2025_04"} < set(partitions)
        assert len(partitions) == 2 + 4, "those of the postings, and from this month on three ahead"
        for name in partitions:
            for text in ("DELETE FROM {}", "INSERT INTO {} SELECT * FROM {}", "TRUNCATE {}"):
                statement = sql.SQL(text).format(sql.Identifier(name), sql.Identifier(name))
                with pytest.raises(psycopg.Error) as as_owner:
                    owner.execute(statement)
                with pytest.raises(psycopg.Error) as as_app:
                    app.execute(statement)
                assert (as_owner.value.sqlstate, as_app.value.sqlstate) == ("LE010", "42501")


@pytest.mark.usefixtures("books")
def test_the_owner_who_claims_to_post_can_not_add_half_an_entry(owner_url: str) -> None:
    """Against mistakes, not against malice: who owns the tables can drop the guards."""
    lines = (
        "INSERT INTO ledger_memberline SELECT * FROM ledger_memberline WHERE member_number = %s AND position = 1"
    )
    control = "INSERT INTO ledger_controlline VALUES (1, 5, 4, 'bank')"
    with plain(owner_url) as connection:
        connection.execute("SET lumbung.posting = 'entry'")
        with pytest.raises(psycopg.Error) as stray_control:
            connection.execute(control)
        with pytest.raises(psycopg.Error) as stray_line:
            connection.execute(lines.replace("SELECT *", f"SELECT {shifted()}"), [ANI])
        with pytest.raises(psycopg.Error) as changed:
            connection.execute("UPDATE ledger_memberline SET contribution = 0")
    states = [caught.value.sqlstate for caught in (stray_control, stray_line, changed)]
    assert states == ["LE002", "LE002", "LE010"]
    assert queries.check().faults == ()


def shifted() -> str:
    """The columns of a line, as a line of another position."""
    return (
        "entry_id, contribution, development, withdrawal, pension, contribution_total, development_total, "
        "withdrawal_total, pension_total, pension_months_total, position + 7, book_day, day, contribution_month, "
        "pension_months, member_number"
    )


@pytest.mark.usefixtures("books")
def test_posting_leaves_no_door_open_behind_it(app_url: str, owner_url: str) -> None:
    for url in (app_url, owner_url):
        with plain(url, autocommit=False) as connection:
            connection.execute("SELECT ledger_seal()")
            connection.execute(
                "SELECT ledger_post(%s, 'receipt', '2025-04-12', %s, '', ARRAY['bank', 'suspense'], "
                "ARRAY[5, -5]::bigint[])",
                [f"bank:{url[-3:]}:{hash(url)}", NOW.replace(month=4, day=13)],
            )
            with pytest.raises(psycopg.Error) as caught:
                connection.execute("INSERT INTO ledger_memberaccount (member_number) VALUES ('5')")
        assert caught.value.sqlstate in {"42501", "LE010"}


OTHER_WAYS = (
    "SELECT ledger_write('{k}', '{receipt}', '{2025-04-12}', now(), '{x}', NULL, '{2}', '{bank,fines}', '{5,-5}', "
    "'{0}', NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
    "SELECT ledger_make_month('2030-01-01')",
    "SELECT ledger_prepare_months('2030-01-01')",
    "SELECT nextval('ledger_entry_id_seq')",
    "SELECT setval('ledger_entry_id_seq', 1)",
    "SELECT * FROM ledger_memberaccount FOR UPDATE",
    "LOCK TABLE ledger_entry IN EXCLUSIVE MODE",
    "ALTER TABLE ledger_entry DISABLE TRIGGER ALL",
    "SET session_replication_role = 'replica'",
    "SET ROLE lumbung_owner",
    "CREATE FUNCTION public.sum(bigint) RETURNS numeric LANGUAGE sql RETURN 0",
    "DROP TABLE ledger_memberline_2025_03",
)


@pytest.mark.usefixtures("books")
def test_the_application_has_no_other_way_in(app_url: str) -> None:
    states = {}
    with plain(app_url, autocommit=False) as connection:
        for call in OTHER_WAYS:
            with pytest.raises(psycopg.Error) as caught:
                connection.execute(call)
            states[call] = caught.value.sqlstate
            connection.rollback()
    assert states == dict.fromkeys(OTHER_WAYS, "42501")


MAY_RUN = {
    "ledger_post", "ledger_post_set", "ledger_reverse", "ledger_correct", "ledger_seal", "ledger_lock",
    "ledger_close_year", "ledger_book_day", "ledger_fingerprint", "ledger_line_facts", "ledger_entry_digest",
    "ledger_seal_digest",
}  # fmt: skip


@pytest.mark.usefixtures("books")
def test_the_application_may_run_only_the_ways_in_and_the_formulas(superuser_url: str) -> None:
    """No function of the books is open to everybody, each that runs as the owner fixes its search path."""
    with plain(superuser_url) as connection:
        functions = connection.execute(
            "SELECT proname, has_function_privilege('lumbung_app', oid, 'EXECUTE'),"
            " has_function_privilege('public', oid, 'EXECUTE'), prosecdef,"
            " coalesce('search_path=pg_catalog, pg_temp' = ANY (proconfig), false)"
            " FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'ledger%'"
        ).fetchall()
    assert {name for name, may_run, *_ in functions if may_run} == MAY_RUN
    assert not [name for name, _, by_all, *_ in functions if by_all]
    assert not [name for name, *_, as_owner, fixed in functions if as_owner and not fixed]


@pytest.mark.usefixtures("books")
def test_names_of_the_callers_own_do_not_stand_in_for_the_books(app_url: str) -> None:
    """A temporary table or function of the same name is not what the owner's functions use."""
    with plain(app_url) as connection:
        connection.execute("CREATE TEMPORARY TABLE ledger_entry (id bigint, key text)")
        connection.execute("CREATE TEMPORARY TABLE ledger_seal (booked_to timestamptz)")
        connection.execute("CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql RETURN ''::bytea")
        connection.execute("SET search_path = pg_temp, public")
        connection.execute(
            "SELECT public.ledger_post('bank:9', 'receipt', '2025-04-12', %s, '', ARRAY['bank', 'suspense'], "
            "ARRAY[5, -5]::bigint[])",
            [NOW.replace(month=4, day=13)],
        )
    assert queries.control_totals()["suspense"] == -5
    assert queries.check().faults == ()


@pytest.mark.usefixtures("books")
def test_a_session_with_other_habits_writes_the_same_digests(app_url: str) -> None:
    """DateStyle, time zone and planner settings of the caller change nothing."""
    with plain(app_url) as connection:
        connection.execute("SET datestyle = 'SQL, DMY'; SET timezone = 'America/Lima'; SET enable_indexscan = off")
        for is_new in (True, False):
            connection.execute("SET extra_float_digits = 0; SET bytea_output = 'escape'")
            row = connection.execute(
                "SELECT is_new FROM ledger_post('r:9', 'contribution', '10-04-2025', %s, '', "
                "ARRAY['bank', 'member_old_age'], ARRAY[9, -9]::bigint[], ARRAY['777'], "
                "ARRAY['01-02-2025'::date], ARRAY[9]::bigint[])",
                [NOW.replace(month=4, day=13)],
            ).fetchone()
            assert row == (is_new,)
        connection.execute("SELECT ledger_seal()")
    assert queries.check().faults == ()
