"""Opens a results database: finds it, refuses what is not one, brings it to the newest schema."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine

from rebaseline.errors import StoreError
from rebaseline.store.engine import make_engine, outside_transaction, writing
from rebaseline.store.header import exists_as_ours
from rebaseline.store.place import database_path, refuse_network
from rebaseline.store.schema import APPLICATION_ID, HEAD
from rebaseline.store.store import Redact, Store
from rebaseline.store.trouble import speaking_of

__all__ = ["open_store"]

_WAL_FORMAT = b"\x02\x02"


def open_store(
    url: str, *, root: Path, create: bool = True, wait_seconds: float = 30.0, redact: Redact | None = None
) -> Store:
    """Open the results database that `url` names, and make it where there is none.

    Args:
        url: `sqlite:///relative/to/root.db` or `sqlite:////absolute.db`.
        root: Folder of the project.
        create: Make a database where there is none, and its folder with it.
        wait_seconds: How long a write waits for one of another process.
        redact: Takes out of every attempt what must not be stored; None where all may be.

    Returns:
        The store: a context manager, to be closed.

    Raises:
        ConfigurationError: The URL is none that can be used.
        StoreError: What is there cannot be used as it is; it is left untouched.
    """
    path = database_path(url, root=root)
    refuse_network(path)
    if not exists_as_ours(path):
        if not create:
            raise StoreError(
                "There is no results database here yet",
                where=str(path),
                remedy="Ask a model with `rebaseline run`, or bring in replies with `rebaseline import`.",
            )
        _make_folder(path.parent)
    engine = make_engine(path, wait_seconds=wait_seconds)
    try:
        with speaking_of(path):
            _bring_up_to_date(engine, path)
            _use_write_ahead_log(engine, path)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine, path, redact)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"The folder of the results database cannot be made: {error.strerror}",
            where=str(folder),
            remedy="Make it, or point [store] url elsewhere.",
        ) from error


def _bring_up_to_date(engine: Engine, path: Path) -> None:
    with engine.begin() as connection:
        if _revision(connection) == HEAD:
            return
    with writing(engine) as connection:
        # Read again: another process may have been here between.
        revision = _revision(connection)
        if revision == HEAD:
            return
        if revision is not None and revision > HEAD:
            raise StoreError(
                f"The results database has schema {revision}; this version of rebaseline knows schemas up to {HEAD}",
                where=str(path),
                remedy="Upgrade rebaseline, or point [store] url at another file. Nothing was changed.",
            )
        from rebaseline.store.migrate import migrate  # noqa: PLC0415 - alembic is slow to load and seldom needed

        migrate(connection)
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")


def _revision(connection: Connection) -> str | None:
    names = connection.exec_driver_sql("SELECT name FROM sqlite_schema WHERE name = 'alembic_version'").all()
    if not names:
        return None
    return connection.exec_driver_sql("SELECT max(version_num) FROM alembic_version").scalar()


def _use_write_ahead_log(engine: Engine, path: Path) -> None:
    # Only after the first commit: until then the header that says whose file this is would be in the log alone.
    with path.open("rb") as file:
        file.seek(18)
        if file.read(2) == _WAL_FORMAT:
            return
    outside_transaction(engine, "PRAGMA journal_mode = WAL")
