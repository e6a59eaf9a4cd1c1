"""The database of corrections: SQLite beside the project, or PostgreSQL, through SQLAlchemy."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

DATABASE = "HWR_CORRECTIONS"  # environment: a URL such as those below
DAYS = "HWR_CORRECTIONS_DAYS"  # environment: how long a correction is kept
LONGEST = 36_500  # days
LOCAL = "sqlite:///corrections.sqlite"
REMOTE = "postgresql+psycopg://user@host/names"
MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATING = Lock()  # Alembic is not made for two threads at once


class FeedbackError(RuntimeError):
    """Corrections that cannot be kept or found; one sentence that says what to do."""


def opened(url: str | None = None) -> Engine:
    """The database at `url`, by default the environment's, brought to this version's tables.

    Raises:
        FeedbackError: it cannot be reached or its address is wrong.
    """
    try:
        # What it complains of may go to a log: never with a visitor's name.
        engine = create_engine(url or os.environ.get(DATABASE, LOCAL), hide_parameters=True)
        with MIGRATING, engine.begin() as connection:
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except (ArgumentError, ImportError, ValueError) as error:
        # Without the address, here and below: it may hold a password.
        message = f"{DATABASE} is no address of a database such as {LOCAL} or {REMOTE}."
        raise FeedbackError(message) from error
    except CommandError as error:  # its tables are of no version that is known here
        engine.dispose()
        message = f"{DATABASE} is of a newer version, or of another program; name another."
        raise FeedbackError(message) from error
    except SQLAlchemyError as error:
        message = f"The corrections cannot be opened; check {DATABASE} and its server."
        raise FeedbackError(message) from error
    return engine


def missing() -> bool:
    """Whether the environment's database is a file that nobody has written yet."""
    with suppress(ArgumentError, ValueError):  # a wrong address is told of by `opened`
        url = make_url(os.environ.get(DATABASE, LOCAL))
        file = Path(url.database or "") if url.get_backend_name() == "sqlite" else Path()
        return not file.exists() and file.parent.is_dir()
    return False


def days() -> int:
    """For how many days the environment wants a correction to be kept.

    Under a hundred years: no calendar reaches back as far as some numbers.

    Raises:
        FeedbackError: it is no such number.
    """
    told = os.environ.get(DAYS, "365")
    if told.isdecimal() and int(told) <= LONGEST:
        return int(told)
    message = f"{DAYS} must be a whole number of days, 0 to {LONGEST:,}, not {told!r}."
    raise FeedbackError(message)
