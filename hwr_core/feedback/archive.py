"""The archive of corrections: SQLite beside the project, or PostgreSQL, through SQLAlchemy."""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple, Self

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine, LargeBinary, create_engine, delete, make_url, select
from sqlalchemy.exc import ArgumentError, IntegrityError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from hwr_core.alphabet import AS_WRITTEN
from hwr_core.spelling import written

DATABASE = "HWR_CORRECTIONS"  # environment: a URL such as those below
DAYS = "HWR_CORRECTIONS_DAYS"  # environment: how long a correction is kept
LONGEST = 36_500  # days
LOCAL = "sqlite:///corrections.sqlite"
REMOTE = "postgresql+psycopg://user@host/names"
MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATING = Lock()  # Alembic is not made for two threads at once
SUFFIXES = {"picture": ".png", "strokes": ".json"}


class FeedbackError(RuntimeError):
    """Corrections that cannot be kept or found; one sentence that says what to do."""


class Table(DeclarativeBase):
    """What Alembic compares the database with."""


class Correction(Table):
    """What one piece of writing says, according to a person who agreed to its being kept.

    Nothing about the person: no address, no name of a file, no time but the day.
    """

    __tablename__ = "corrections"

    digest: Mapped[str] = mapped_column(primary_key=True)  # SHA-256 of `content`, hexadecimal
    kind: Mapped[str]  # "picture" (PNG) or "strokes" (the pad's JSON)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    text: Mapped[str]  # as the person corrected it
    read: Mapped[str]  # as the model had read it
    confidence: Mapped[float]  # of that reading, 0 to 1
    day: Mapped[date]  # when it was kept, UTC


class Outline(NamedTuple):
    """A correction in short."""

    digest: str
    text: str
    read: str
    day: date


class Archive:
    """An open database of corrections; safe to share between threads."""

    def __init__(self, engine: Engine, days: int = 365) -> None:
        """`days`: how long a correction is kept."""
        self._engine = engine
        self._days = days

    @classmethod
    def open(cls, url: str | None = None) -> Self:
        """The database at `url`, by default the environment's, brought to this version's tables.

        Raises:
            FeedbackError: it cannot be reached or its address is wrong.
        """
        days = _days(os.environ.get(DAYS, "365"))
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
        return cls(engine, days)

    @classmethod
    def found(cls) -> Self | None:
        """The environment's database, or None if nobody has kept anything: looking makes no file.

        Raises:
            FeedbackError: see `open`.
        """
        with suppress(ArgumentError, ValueError):  # a wrong address is told of by `open`
            url = make_url(os.environ.get(DATABASE, LOCAL))
            file = url.database if url.get_backend_name() == "sqlite" else None
            if file and not Path(file).exists() and Path(file).parent.is_dir():
                return None
        return cls.open()

    def keep(self, kind: str, content: bytes, text: str, read: str, confidence: float) -> str:
        """Keep a correction and return its digest; the same writing again replaces its text.

        Raises:
            FeedbackError: `text` is no name in the model's alphabet, or the database went away.
        """
        name = written(text)
        if not any(map(str.isalpha, name)) or AS_WRITTEN.unknown(name) or len(name) > 100:
            message = "Type the name as it is written: letters, hyphens and apostrophes."
            raise FeedbackError(message)
        row = {"text": name, "read": read, "confidence": confidence, "day": _today()}
        digest = hashlib.sha256(content).hexdigest()
        correction = {"digest": digest, "kind": kind, "content": content, **row}
        try:
            try:
                self._merge(correction)
            except IntegrityError:  # sent twice at once: now it is there
                self._merge(correction)
        except SQLAlchemyError as error:
            message = "It could not be kept just now; send it again in a moment."
            raise FeedbackError(message) from error
        return digest

    def _merge(self, values: dict[str, Any]) -> None:
        with Session(self._engine) as session, session.begin():
            session.execute(delete(Correction).where(Correction.day < self._oldest()))
            session.merge(Correction(**values))

    def outline(self) -> list[Outline]:
        """Every correction without its content, the newest first.

        Raises:
            FeedbackError: the database went away.
        """
        columns = (getattr(Correction, name) for name in Outline._fields)
        newest = select(*columns).order_by(Correction.day.desc(), Correction.digest)
        with self._session("read") as session:
            rows = session.execute(newest.where(Correction.day >= self._oldest()))
            return [Outline(*row) for row in rows]

    def some(self, digests: Collection[str]) -> list[Correction]:
        """The corrections of these digests, in any order.

        Raises:
            FeedbackError: the database went away.
        """
        with self._session("read") as session:
            return list(session.scalars(select(Correction).where(Correction.digest.in_(digests))))

    @contextmanager
    def _session(self, done: str) -> Iterator[Session]:
        """A transaction, in which corrections are `done` something to.

        Raises:
            FeedbackError: the database went away, is locked, or may only be read.
        """
        try:
            with Session(self._engine, expire_on_commit=False) as session, session.begin():
                yield session
        except SQLAlchemyError as error:
            message = f"The corrections cannot be {done}; check {DATABASE} and its server."
            raise FeedbackError(message) from error

    def close(self) -> None:
        """Close the connections that are open."""
        self._engine.dispose()

    def expire(self) -> int:
        """Delete what is older than it may become; how many.

        Raises:
            FeedbackError: the database went away, or may only be read.
        """
        old = delete(Correction).where(Correction.day < self._oldest())
        with self._session("deleted") as session:
            return len(session.scalars(old.returning(Correction.digest)).all())

    def _oldest(self) -> date:
        """The first day that is not past its time."""
        return _today() - timedelta(days=self._days)

    def delete(self, digest: str) -> None:
        """Delete one correction by its digest, or all by "all".

        Raises:
            FeedbackError: there is no such correction; or as `expire`.
        """
        chosen = delete(Correction).returning(Correction.digest)
        if digest != "all":
            chosen = chosen.where(Correction.digest == digest)
        with self._session("deleted") as session:
            gone = session.scalars(chosen).all()
        if not gone and digest != "all":
            message = f"There is no correction {digest}; export lists them."
            raise FeedbackError(message)

    def export(self, folder: Path, digests: Collection[str] | None = None) -> int:
        """Write what `prepare corrections` reads: a file each, and labels.csv; how many.

        `digests` names those that are wanted; None: all.

        Raises:
            FeedbackError: the folder already holds something, or the database went away.
        """
        if folder.exists() and any(folder.iterdir()):
            message = f"{folder} is not empty; name a new folder."
            raise FeedbackError(message)
        every = sorted(each.digest for each in self.outline())
        kept = [digest for digest in every if digests is None or digest in digests]
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as lines:
            table = csv.writer(lines, lineterminator="\n")
            table.writerow(("file", "text"))
            for correction in chain.from_iterable(self.some([digest]) for digest in kept):
                name = correction.digest + SUFFIXES[correction.kind]
                (folder / name).write_bytes(correction.content)
                table.writerow((name, correction.text))
        return len(kept)


def _days(told: str) -> int:
    """A number of days, under a hundred years: no calendar reaches back as far as some."""
    if told.isdecimal() and int(told) <= LONGEST:
        return int(told)
    message = f"{DAYS} must be a whole number of days, 0 to {LONGEST:,}, not {told!r}."
    raise FeedbackError(message)


def _today() -> date:
    return datetime.now(UTC).date()
