"""Connections to the database file, each set up the same way."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

__all__ = ["make_engine", "outside_transaction", "writing"]


def make_engine(path: Path, *, wait_seconds: float) -> Engine:
    """Return an engine on `path` that makes no connection yet.

    Every commit is synced to the disk before it returns (`synchronous=FULL`, also in WAL mode), so a reply that
    counts as stored survives a crash of the machine. What is deleted is overwritten (`secure_delete`): a purge
    that left the text in free pages would be none.

    Args:
        path: The file.
        wait_seconds: How long a writer waits for another one.
    """
    # Transactions are begun below and by us: the driver's own habit would leave DDL outside them.
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"isolation_level": None, "check_same_thread": False, "timeout": wait_seconds},
        hide_parameters=True,  # an error must not carry what people or models said
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        for pragma in ("foreign_keys=ON", "synchronous=FULL", "secure_delete=ON", "trusted_schema=OFF"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("rebaseline_immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open one transaction that holds the right to write from its start, and commit it at the end.

    A transaction that starts by reading and then wants to write can find that another one was faster, and must
    fail without waiting. Taking the right first makes it wait its turn instead.
    """
    with engine.execution_options(rebaseline_immediate=True).begin() as connection:
        yield connection


def outside_transaction(engine: Engine, statement: str) -> Any:
    """Run a statement that SQLite refuses inside a transaction; return the first row that it gives, if any."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        row = cursor.execute(statement).fetchone()
        cursor.close()
        return row
    finally:
        connection.close()
