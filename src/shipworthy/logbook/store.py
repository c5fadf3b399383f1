"""Opens the logbook, and brings its tables up to date."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, inspect
from sqlalchemy.engine import make_url


def open_logbook(url: str) -> Engine:
    """Return the logbook at the SQLAlchemy `url`, made or migrated where needed.

    SQLite runs in WAL mode and waits up to 30 s for a writer, so that service, console and loop may
    use one file.
    """
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        Path(engine.url.database or ".").parent.mkdir(parents=True, exist_ok=True)
        event.listen(engine, "connect", _wal)
    _migrate(engine)
    return engine


def _wal(connection: Any, _record: object) -> None:
    for setting in ("busy_timeout = 30000", "journal_mode = wal", "synchronous = normal"):
        connection.execute(f"pragma {setting}")


def _migrate(engine: Engine) -> None:
    if revision(engine) != head():
        config = _config()
        config.attributes["engine"] = engine
        command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("shipworthy.logbook") / "migrations"))
    return config


def revision(engine: Engine) -> str | None:
    """Return the migration that the logbook stands at, None before the first."""
    if not inspect(engine).has_table("shipworthy_revision"):
        return None
    with engine.connect() as connection:
        found = connection.exec_driver_sql("select version_num from shipworthy_revision").scalar()
    return None if found is None else str(found)


@cache
def head() -> str | None:
    """Return the newest migration; read once in a process, for it takes as long as all else of opening a logbook."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def shown(url: str) -> str:
    """Return `url` without its password.

    >>> shown("postgresql://me:secret@db/logbook")
    'postgresql://me:***@db/logbook'
    """
    return make_url(url).render_as_string(hide_password=True)
