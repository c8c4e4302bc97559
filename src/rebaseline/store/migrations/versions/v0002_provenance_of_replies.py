"""What a reply held that we had not seen before, and what an application told of how it came to it."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "ALTER TABLE attempts ADD COLUMN novelty TEXT",
    "ALTER TABLE attempts ADD COLUMN trace TEXT",
)


def upgrade() -> None:
    """Add the columns."""
    for statement in _STATEMENTS:
        op.execute(statement)
