"""Called by alembic: runs migrations on the connection that `rebaseline.store.migrate` hands over."""

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    transactional_ddl=True,  # true for SQLite too, since we begin transactions ourselves
)
with context.begin_transaction():
    context.run_migrations()
