"""Databases of every released schema open, keep what they hold, and end up like new ones."""

import contextlib
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

import rebaseline.store.migrate as migrating
from rebaseline.domain.attempt import Answered, Faulted, Rejected, Reply, Stop, ToolCall, Usage
from rebaseline.domain.model import Provenance, Target, TargetKind
from rebaseline.domain.record import SessionHeader, SessionKind
from rebaseline.store import open_store
from rebaseline.store.engine import make_engine, writing
from rebaseline.store.schema import HEAD, metadata

HERE = Path(__file__).parent
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SCRIPTS = Path(migrating.__file__).parent / "migrations"


def schema_of(path):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'").fetchall()
    return {name: " ".join(sql.split()) for name, sql in rows}


@pytest.fixture(params=sorted(path.name for path in HERE.glob("schema_*.sql")))
def old(request, tmp_path):
    """A database of an old schema in a project folder."""
    with contextlib.closing(sqlite3.connect(tmp_path / "r.db")) as connection:
        connection.executescript((HERE / request.param).read_text(encoding="utf-8"))
    return tmp_path / "r.db"


@pytest.fixture
def new(tmp_path_factory):
    root = tmp_path_factory.mktemp("new")
    open_store("sqlite:///r.db", root=root).close()
    return root / "r.db"


def test_an_old_database_keeps_what_it_holds(old):
    with open_store("sqlite:///r.db", root=old.parent) as store:
        target = Target("app", "recorded", TargetKind.MODEL, "alias", {"temperature": 0}, {"build": "7"})
        provenance = Provenance("sdk 1", "v1", "0.1")
        assert store.sessions() == [
            SessionHeader("s1", SessionKind.RUN, "invoices", 7, "suite-fp", target, provenance, NOON)
        ]
        reply = Reply("forty-two", Stop.COMPLETE, "stop", (ToolCall("f", '{"x": 1}'),))
        assert [record.attempt for record in store.attempts("invoices", "app", "M1")] == [
            Answered(reply, "M1", "fp_1", Usage(3, 5), 0.25, "req_1"),
            Answered(Reply("nul\0 half \ud800", Stop.UNKNOWN, "news"), "M1"),
            Rejected(400, "temperature", "unsupported"),
            Faulted("timeout", 504, "slow"),
        ]
        assert store.left_out("invoices", "app", "M1", probe_fingerprints={}).purged == 1


def test_an_old_database_ends_up_like_a_new_one(old, new):
    open_store("sqlite:///r.db", root=old.parent).close()
    assert schema_of(old) == schema_of(new)


def test_the_tables_in_code_are_the_tables_that_migrations_make(new, tmp_path):
    engine = create_engine(f"sqlite:///{new}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()
    made = create_engine(f"sqlite:///{tmp_path / 'made.db'}")
    metadata.create_all(made)
    made.dispose()
    indexes = {name: sql for name, sql in schema_of(new).items() if sql.startswith("CREATE UNIQUE INDEX")}
    assert indexes == {name: sql for name, sql in schema_of(tmp_path / "made.db").items() if name in indexes}
    assert len(indexes) == 2


def test_the_head_in_code_is_the_last_migration():
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [HEAD]
    revisions = [script.revision for script in scripts.walk_revisions()]
    assert revisions == sorted(revisions, reverse=True)  # a larger number is a newer schema


def test_every_schema_that_was_ever_released_is_tested():
    numbers = [f"{number:04}" for number in range(1, int(HEAD) + 1)]
    assert [path.stem.removeprefix("schema_") for path in sorted(HERE.glob("schema_*.sql"))] == numbers


BROKEN = """
from alembic import op
from rebaseline.store.schema import HEAD
revision, down_revision = "9999", HEAD

def upgrade():
    op.execute("ALTER TABLE attempts ADD COLUMN extra TEXT")
    op.execute("UPDATE attempts SET text = 'lost'")
    op.execute("DROP TABLE session_models")
    op.execute("INSERT INTO no_such_table VALUES (1)")
"""


def test_a_migration_that_fails_halfway_leaves_the_database_as_it_was(old, tmp_path):
    scripts = tmp_path / "scripts"
    (scripts / "versions").mkdir(parents=True)
    for name in ("env.py", *(f"versions/{path.name}" for path in (SCRIPTS / "versions").glob("v*.py"))):
        (scripts / name).write_bytes((SCRIPTS / name).read_bytes())
    (scripts / "versions" / "v9999_broken.py").write_text(BROKEN)
    with contextlib.closing(sqlite3.connect(old)) as connection:
        before = list(connection.iterdump())
    engine = make_engine(old, wait_seconds=1)
    with pytest.raises(Exception, match="no_such_table"), writing(engine) as connection:
        migrating.migrate(connection, scripts=scripts)
    engine.dispose()
    with contextlib.closing(sqlite3.connect(old)) as connection:
        assert list(connection.iterdump()) == before
