"""Whatever stands where the database should be: ours is opened, all else is refused and left as it was."""

import contextlib
import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rebaseline.domain.attempt import Answered, Reply
from rebaseline.domain.model import ModelVersion, Provenance, Target, TargetKind
from rebaseline.domain.record import AttemptRecord, SessionHeader, SessionKind
from rebaseline.errors import StoreError
from rebaseline.store import open_store
from rebaseline.store.schema import APPLICATION_ID, HEAD

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "sqlite:///.rebaseline/results.db"


def header(key="s1"):
    target = Target("app", "recorded", TargetKind.MODEL, "m")
    return SessionHeader(key, SessionKind.RUN, "s", 1, "fp", target, Provenance(), NOON)


def records(count, start=0):
    model = ModelVersion("p", "m", "m")
    return [
        AttemptRecord("a", "fp", n, model, Answered(Reply(f"reply {n}" + "x" * 400)), NOON, "s1")
        for n in range(start, start + count)
    ]


@pytest.fixture
def database(tmp_path):
    """A database of ours with 200 replies, closed."""
    with open_store(URL, root=tmp_path) as store:
        store.begin_session(header())
        store.record(records(200))
    return tmp_path / ".rebaseline" / "results.db"


def refused(database, match, **options):
    """Open a database that must be refused; return the error, sure that no byte of the folder changed."""
    before = {path.name: path.read_bytes() for path in database.parent.iterdir()}
    with pytest.raises(StoreError, match=match) as caught:
        open_store(URL, root=database.parent.parent, **options)
    assert {path.name: path.read_bytes() for path in database.parent.iterdir()} == before
    assert str(database) in caught.value.where
    assert caught.value.remedy
    return caught.value


def test_a_new_database_is_ours_and_durable(database):
    with contextlib.closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_every_connection_syncs_and_checks(tmp_path):
    with open_store(URL, root=tmp_path) as store, store._reading() as one, store._reading() as other:
        for connection in (one, other):
            pragmas = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("synchronous", "foreign_keys")
            ]
            assert pragmas == [2, 1]
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 30_000


def test_nothing_there_is_an_error_where_nothing_may_be_made(tmp_path):
    with pytest.raises(StoreError, match="no results database here yet") as caught:
        open_store(URL, root=tmp_path, create=False)
    assert "rebaseline run" in caught.value.remedy
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_is_a_start_that_was_killed(tmp_path):
    (tmp_path / "r.db").touch()
    with open_store("sqlite:///r.db", root=tmp_path) as store:
        assert store.sessions() == []


def test_text_is_refused(database):
    database.write_text("probe,response\n" * 100)
    refused(database, "not a SQLite database: it begins with b'probe,response")


@pytest.mark.parametrize("keep", [1, 10, 50, 99, 100, 4096, 0.5, -1])
def test_a_database_that_was_cut_is_refused(database, keep):
    size = database.stat().st_size
    keep = int(size * keep) if isinstance(keep, float) else keep if keep > 0 else size + keep
    with database.open("r+b") as file:
        file.truncate(keep)
    refused(database, f"cut short: {keep} bytes")


def test_a_database_that_was_cut_beside_its_log_is_refused(database):
    # With a log SQLite itself must say it, so the file is opened; the error is still ours.
    with open_store(URL, root=database.parent.parent) as store:
        store.record(records(1, start=500))
        copy = database.parent.parent / "copy" / ".rebaseline"
        copy.mkdir(parents=True)
        (copy / "results.db").write_bytes(database.read_bytes()[:8192])
        (copy / "results.db-wal").write_bytes(b"\x37\x7f\x06\x82" + bytes(60))
    with pytest.raises(StoreError, match="damaged"):
        open_store(URL, root=copy.parent)


def test_a_database_of_another_program_is_refused(database):
    database.unlink()
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE history (url)")
    error = refused(database, "belongs to another program")
    assert hex(APPLICATION_ID) in error.problem


def test_a_newer_schema_is_refused_by_both_numbers(database):
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")
    error = refused(database, f"schema 0999; .* up to {HEAD}")
    assert "Upgrade rebaseline" in error.remedy


def test_damage_inside_is_told_when_it_is_met(database):
    with database.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (database.stat().st_size - 4096))
    with pytest.raises(StoreError, match="damaged"), open_store(URL, root=database.parent.parent) as store:
        list(store.attempts("s", "app", "m"))


def test_a_folder_in_its_place_is_refused(tmp_path):
    (tmp_path / "r.db").mkdir()
    with pytest.raises(StoreError, match="a folder"):
        open_store("sqlite:///r.db", root=tmp_path)


def test_a_file_in_the_place_of_its_folder_is_refused(tmp_path):
    (tmp_path / ".rebaseline").touch()
    with pytest.raises(StoreError):
        open_store(URL, root=tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="rights are set another way")
@pytest.mark.parametrize("exists", [True, False])
def test_a_folder_that_cannot_be_written_is_named(database, exists):
    if not exists:
        database.unlink()
    folder = database.parent
    folder.chmod(0o555)
    if exists:
        database.chmod(0o444)
    try:
        with _as_nobody(folder), pytest.raises(StoreError, match=r"cannot be (written|made)") as caught:
            open_store(URL, root=folder.parent, wait_seconds=0.1).begin_session(header("s2"))
        assert "writable" in caught.value.remedy
    finally:
        folder.chmod(0o755)


@contextlib.contextmanager
def _as_nobody(folder):
    """Root may write anywhere, so step down for a moment; the way to the folder is opened first."""
    if os.geteuid() != 0:
        yield
        return
    for parent in folder.parents:
        if str(parent).startswith("/tmp/"):
            parent.chmod(0o755)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_lock_of_another_process_is_told_and_passes(database):
    with open_store(URL, root=database.parent.parent, wait_seconds=0.05) as store:
        with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match="locked by another process"):
                store.record(records(1, start=900))
            assert sum(1 for _ in store.attempts("s", "app", "m")) == 200
            other.execute("ROLLBACK")
        assert store.record(records(1, start=900)).new == 1


def test_a_full_disk_is_told_and_keeps_what_was_there(database):
    with open_store(URL, root=database.parent.parent) as store:
        with store._engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 1}")
        with pytest.raises(StoreError, match="disk of the results database is full"):
            store.record(records(1000, start=1000))
        assert sum(1 for _ in store.attempts("s", "app", "m")) == 200


WRITER = """
import sys
from pathlib import Path
sys.path[:0] = {path!r}
from test_opening import *
who = int(sys.argv[2])
with open_store(URL, root=Path(sys.argv[1])) as store:
    store.begin_session(header())
    for start in range({start}, {stop}, {step}):
        store.record(records({step}, start=start + {stop} * who))
        print(start, flush=True)
"""


def writer(tmp_path, who, **fields):
    code = WRITER.format(path=[*sys.path, str(Path(__file__).parent)], **fields)
    return subprocess.Popen([sys.executable, "-c", code, str(tmp_path), str(who)], stdout=subprocess.PIPE)


def test_processes_may_make_and_write_the_same_database_at_once(tmp_path):
    running = [writer(tmp_path, who, start=0, stop=60, step=3) for who in range(3)]
    for process in running:
        with process:
            process.communicate(timeout=60)
        assert process.returncode == 0
    with open_store(URL, root=tmp_path, create=False) as store:
        assert sum(1 for _ in store.attempts("s", "app", "m")) == 180


@pytest.mark.parametrize("lines", [0, 1, 5])
def test_a_writer_killed_halfway_leaves_all_that_it_was_told_was_stored(tmp_path, lines):
    with writer(tmp_path, 0, start=0, stop=2_000_000, step=20) as process:
        told = [process.stdout.readline() for _ in range(lines)]
        process.kill()
        told += process.stdout.readlines()
        process.wait(timeout=30)
    stored = (int(told[-1]) + 20) if told else 0
    with open_store(URL, root=tmp_path) as store:
        kept = [record.sample for record in store.attempts("s", "app", "m")]
        assert kept[:stored] == list(range(stored))
        assert len(kept) in {stored, stored + 20}  # the last batch may be stored and not yet told: all of it or nothing
        with store._reading() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def test_threads_may_share_a_store(tmp_path):
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - needed here alone

    with open_store(URL, root=tmp_path) as store, ThreadPoolExecutor(4) as pool:
        store.begin_session(header())
        done = list(pool.map(lambda start: store.record(records(5, start=start)).new, range(0, 100, 5)))
        assert sum(done) == sum(1 for _ in store.attempts("s", "app", "m")) == 100


def test_purged_words_are_gone_from_the_files(database):
    with open_store(URL, root=database.parent.parent) as store:
        store.record(records(1, start=4417))
        store.purge(before=NOON.replace(year=2027), at=NOON)
        assert all(b"reply 4417" not in path.read_bytes() for path in database.parent.iterdir())


def test_opening_a_current_database_loads_no_migrations(database):
    code = (
        "import sys; from pathlib import Path; from rebaseline.store import open_store\n"
        f"open_store({URL!r}, root=Path({str(database.parent.parent)!r})).close()\n"
        "import rebaseline.store.baselines\n"
        "sys.exit('alembic' in sys.modules)"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
    code = "import sys, rebaseline.store.baselines; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
