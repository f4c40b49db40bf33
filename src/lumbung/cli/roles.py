"""The two database roles: the owner migrates, the application runs."""

import psycopg
from psycopg import sql

OWNER = "lumbung_owner"
APPLICATION = "lumbung_app"


def prepare(superuser_url: str, owner_password: str, app_password: str, dbname: str) -> None:
    """Make the roles, the database and their rights, or set them right again; running it twice changes nothing.

    The superuser may be any role that may create roles and databases. Raises psycopg.Error.
    """
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        _make_role(connection, OWNER, owner_password)
        _make_role(connection, APPLICATION, app_password)
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [dbname]).fetchone() is None:
            # Whoever is no superuser may only give a database to a role it belongs to.
            if connection.execute("SELECT NOT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (
                True,
            ):
                connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(OWNER)))
            statement = sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0")
            connection.execute(statement.format(sql.Identifier(dbname), sql.Identifier(OWNER)))
        grant_database(connection, dbname)
    with psycopg.connect(superuser_url, dbname=dbname, autocommit=True) as connection:
        _make_schema(connection)


def grant_database(connection: psycopg.Connection, dbname: str) -> None:
    """Let the application in, and nobody else; a clone does not take these rights over from its template."""
    name, app = sql.Identifier(dbname), sql.Identifier(APPLICATION)
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    connection.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(name, app))


def _make_role(connection: psycopg.Connection, role: str, password: str) -> None:
    """Only the password's SCRAM verifier goes to the server, so that no log can hold the password."""
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    verb = sql.SQL("ALTER" if exists else "CREATE")
    statement = sql.SQL("{} ROLE {} LOGIN NOCREATEDB NOCREATEROLE PASSWORD {}")
    connection.execute(statement.format(verb, sql.Identifier(role), sql.Literal(verifier)))


def _make_schema(connection: psycopg.Connection) -> None:
    owner, app = sql.Identifier(OWNER), sql.Identifier(APPLICATION)
    for statement in (
        "CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public",
        "ALTER SCHEMA public OWNER TO {owner}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO {app}",
        # The ledger's own migration takes back what the application may not do to its tables.
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public "
        "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app}",
    ):
        connection.execute(sql.SQL(statement).format(owner=owner, app=app))
