"""How Alembic reaches the logbook: over the engine that is being opened, all migrations in one transaction."""

from alembic import context

from shipworthy.logbook.tables import METADATA

with context.config.attributes["engine"].begin() as connection:
    if connection.dialect.name == "sqlite":  # else each table would be its own: of two processes one would fail, and a kill leave half
        connection.exec_driver_sql("begin immediate")
    context.configure(connection=connection, target_metadata=METADATA, version_table="shipworthy_revision", render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
