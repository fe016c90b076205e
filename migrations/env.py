"""Runs migrations over the connection that `indexer.store.schema` opened and locked; it commits, not this."""

from alembic import context

from indexer.store.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
