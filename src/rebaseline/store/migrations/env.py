"""Called by alembic: runs migrations on the connection that `rebaseline.store.migrate` hands over."""

from __future__ import annotations

from alembic import context

# The connection is in a transaction already: alembic then neither begins nor commits one.
context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
