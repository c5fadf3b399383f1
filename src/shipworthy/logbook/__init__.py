"""What happened: our own tables, through SQLAlchemy, migrated by Alembic."""
