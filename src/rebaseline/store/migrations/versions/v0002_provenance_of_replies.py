"""What a reply held that we had not seen before, what an application told of how it came to it, and open batches."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "ALTER TABLE attempts ADD COLUMN novelty TEXT",
    "ALTER TABLE attempts ADD COLUMN trace TEXT",
    """
    CREATE TABLE batches (
        id INTEGER NOT NULL PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        session_id INTEGER NOT NULL REFERENCES sessions (id),
        provider_id TEXT,
        submitted_at TEXT NOT NULL,
        collected_at TEXT
    )
    """,
    "CREATE INDEX ix_batches_session ON batches (session_id)",
    """
    CREATE TABLE batch_items (
        batch_id INTEGER NOT NULL REFERENCES batches (id),
        custom_id TEXT NOT NULL,
        probe TEXT NOT NULL,
        probe_fingerprint TEXT NOT NULL,
        sample INTEGER NOT NULL,
        PRIMARY KEY (batch_id, custom_id)
    )
    """,
)


def upgrade() -> None:
    """Add the columns and the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)
