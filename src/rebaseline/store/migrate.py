"""Brings a database to the newest schema, inside the caller's transaction: all of it or nothing."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

__all__ = ["migrate"]

_SCRIPTS = Path(__file__).parent / "migrations"


def migrate(connection: Connection, *, scripts: Path = _SCRIPTS) -> None:
    """Run every migration that the database has not seen.

    Args:
        connection: Holds an open transaction, which the caller commits. No copy of the file is needed: SQLite
            rolls schema changes back like any others.
        scripts: Folder of the migrations.
    """
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
