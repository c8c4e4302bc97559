"""The tables as they stand today. `migrations` says how a database comes to have them."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    and_,
    literal_column,
    text,
)

from rebaseline.store.columns import ExactText, Instant

__all__ = [
    "ANSWERED",
    "APPLICATION_ID",
    "HEAD",
    "UNANSWERED",
    "attempts",
    "batch_items",
    "batches",
    "metadata",
    "model_versions",
    "session_models",
    "sessions",
    "targets",
]

APPLICATION_ID = 0x52424C4E
"""`RBLN` in the header of the file: by it we know our own databases."""

HEAD = "0002"
"""The newest revision. Kept here so that opening a current database need not load alembic."""

metadata = MetaData()

model_versions = Table(
    "model_versions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("provider", ExactText, nullable=False),
    Column("requested", ExactText, nullable=False),
    Column("served", ExactText, nullable=False),
    UniqueConstraint("provider", "requested", "served", name="uq_model_versions"),
)

targets = Table(
    "targets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", ExactText, nullable=False),
    Column("fingerprint", ExactText, nullable=False),
    Column("type", ExactText, nullable=False),
    Column("kind", ExactText, nullable=False),
    Column("settings", ExactText, nullable=False),
    Column("identity", ExactText, nullable=False),
    UniqueConstraint("name", "fingerprint", name="uq_targets"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", ExactText, nullable=False, unique=True),
    Column("kind", ExactText, nullable=False),
    Column("suite", ExactText, nullable=False),
    Column("suite_version", Integer, nullable=False),
    Column("suite_fingerprint", ExactText, nullable=False),
    Column("target_id", ForeignKey("targets.id"), nullable=False),
    Column("requested", ExactText, nullable=False),
    Column("sdk", ExactText, nullable=False),
    Column("api_version", ExactText, nullable=False),
    Column("tool", ExactText, nullable=False),
    Column("started_at", Instant, nullable=False),
    Index("ix_sessions_scope", "suite", "target_id"),
)

session_models = Table(
    "session_models",
    metadata,
    Column("session_id", ForeignKey("sessions.id"), primary_key=True),
    Column("model_id", ForeignKey("model_versions.id"), primary_key=True),
    Column("answered", Boolean, nullable=False),
    Index("ix_session_models_model", "model_id"),
)
"""Who answered, or was only asked, in which session: by it a fault finds the model it stands against."""

# The wide columns come last, so that counting and ordering need not page through the replies.
attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("session_id", ForeignKey("sessions.id"), nullable=False),
    Column("suite", ExactText, nullable=False),
    Column("target_id", ForeignKey("targets.id"), nullable=False),
    Column("model_id", ForeignKey("model_versions.id"), nullable=False),
    Column("probe", ExactText, nullable=False),
    Column("probe_fingerprint", ExactText, nullable=False),
    Column("sample", Integer, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("purged_at", Instant),
    Column("redacted", Boolean, nullable=False),
    Column("size", Integer, nullable=False),
    Column("digest", Text),
    Column("stop", Text),
    Column("stop_as_received", ExactText),
    Column("served_model", ExactText),
    Column("system_fingerprint", ExactText),
    Column("input_tokens", Integer),
    Column("output_tokens", Integer),
    Column("latency_seconds", Float),
    Column("request_id", ExactText),
    Column("status", Integer),
    Column("culprit", ExactText),
    Column("fault_kind", ExactText),
    Column("hint", ExactText),
    Column("tool_calls", ExactText),
    Column("text", ExactText),
    Column("novelty", ExactText),
    Column("trace", ExactText),
    # A reply belongs to the model version that gave it. The order of the columns is the order of the stream.
    Index(
        "uq_attempts_answered",
        *("suite", "target_id", "model_id", "probe", "sample", "probe_fingerprint"),
        unique=True,
        sqlite_where=text("outcome = 'answered' AND purged_at IS NULL"),
    ),
    # A fault or a rejection cannot say who would have answered: it belongs to its session.
    Index(
        "uq_attempts_unanswered",
        *("session_id", "probe", "sample", "probe_fingerprint", "model_id"),
        unique=True,
        sqlite_where=text("outcome <> 'answered'"),
    ),
)

batches = Table(
    "batches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", ExactText, nullable=False, unique=True),
    Column("session_id", ForeignKey("sessions.id"), nullable=False),
    Column("provider_id", ExactText),
    Column("submitted_at", Instant, nullable=False),
    Column("collected_at", Instant),
    Index("ix_batches_session", "session_id"),
)
"""What was handed to a provider's batch API. A row without `provider_id` is an intent whose outcome is not noted."""

batch_items = Table(
    "batch_items",
    metadata,
    Column("batch_id", ForeignKey("batches.id"), primary_key=True),
    Column("custom_id", ExactText, primary_key=True),
    Column("probe", ExactText, nullable=False),
    Column("probe_fingerprint", ExactText, nullable=False),
    Column("sample", Integer, nullable=False),
)
"""Which cell each request of an open batch belongs to; gone once the batch is collected."""

# Written as literals: SQLite uses a partial index only where the query spells out its condition.
ANSWERED = and_(attempts.c.outcome == literal_column("'answered'"), attempts.c.purged_at.is_(None))
UNANSWERED = attempts.c.outcome != literal_column("'answered'")
