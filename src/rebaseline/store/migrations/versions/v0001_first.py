"""The first schema. Written out, not taken from `schema.py`, which moves on."""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE model_versions (
        id INTEGER NOT NULL PRIMARY KEY,
        provider TEXT NOT NULL,
        requested TEXT NOT NULL,
        served TEXT NOT NULL,
        CONSTRAINT uq_model_versions UNIQUE (provider, requested, served)
    )
    """,
    """
    CREATE TABLE targets (
        id INTEGER NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        type TEXT NOT NULL,
        kind TEXT NOT NULL,
        settings TEXT NOT NULL,
        identity TEXT NOT NULL,
        CONSTRAINT uq_targets UNIQUE (name, fingerprint)
    )
    """,
    """
    CREATE TABLE sessions (
        id INTEGER NOT NULL PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        suite TEXT NOT NULL,
        suite_version INTEGER NOT NULL,
        suite_fingerprint TEXT NOT NULL,
        target_id INTEGER NOT NULL REFERENCES targets (id),
        requested TEXT NOT NULL,
        sdk TEXT NOT NULL,
        api_version TEXT NOT NULL,
        tool TEXT NOT NULL,
        started_at TEXT NOT NULL
    )
    """,
    "CREATE INDEX ix_sessions_scope ON sessions (suite, target_id)",
    """
    CREATE TABLE session_models (
        session_id INTEGER NOT NULL REFERENCES sessions (id),
        model_id INTEGER NOT NULL REFERENCES model_versions (id),
        answered BOOLEAN NOT NULL,
        PRIMARY KEY (session_id, model_id)
    )
    """,
    "CREATE INDEX ix_session_models_model ON session_models (model_id)",
    """
    CREATE TABLE attempts (
        id INTEGER NOT NULL PRIMARY KEY,
        session_id INTEGER NOT NULL REFERENCES sessions (id),
        suite TEXT NOT NULL,
        target_id INTEGER NOT NULL REFERENCES targets (id),
        model_id INTEGER NOT NULL REFERENCES model_versions (id),
        probe TEXT NOT NULL,
        probe_fingerprint TEXT NOT NULL,
        sample INTEGER NOT NULL,
        outcome TEXT NOT NULL CHECK (outcome IN ('answered', 'rejected', 'faulted')),
        received_at TEXT NOT NULL,
        purged_at TEXT,
        redacted BOOLEAN NOT NULL,
        size INTEGER NOT NULL,
        digest TEXT,
        stop TEXT,
        stop_as_received TEXT,
        served_model TEXT,
        system_fingerprint TEXT,
        input_tokens INTEGER,
        output_tokens INTEGER,
        latency_seconds FLOAT,
        request_id TEXT,
        status INTEGER,
        culprit TEXT,
        fault_kind TEXT,
        hint TEXT,
        tool_calls TEXT,
        text TEXT
    )
    """,
    """
    CREATE UNIQUE INDEX uq_attempts_answered
        ON attempts (suite, target_id, model_id, probe, sample, probe_fingerprint)
        WHERE outcome = 'answered' AND purged_at IS NULL
    """,
    """
    CREATE UNIQUE INDEX uq_attempts_unanswered
        ON attempts (session_id, probe, sample, probe_fingerprint, model_id)
        WHERE outcome <> 'answered'
    """,
)


def upgrade() -> None:
    """Make every table of the first schema."""
    for statement in _STATEMENTS:
        op.execute(statement)
