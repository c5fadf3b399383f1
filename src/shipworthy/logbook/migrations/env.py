"""How Alembic reaches the logbook: over the engine that is being opened."""

from alembic import context

from shipworthy.logbook.tables import METADATA

with context.config.attributes["engine"].begin() as connection:
    context.configure(connection=connection, target_metadata=METADATA, version_table="shipworthy_revision", render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
