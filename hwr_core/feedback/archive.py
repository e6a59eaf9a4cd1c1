"""The archive of corrections: they are kept, shown, deleted and handed out."""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple, Self

from sqlalchemy import Delete, Engine, delete, func, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from hwr_core.alphabet import AS_WRITTEN
from hwr_core.feedback import database
from hwr_core.feedback.database import DATABASE, FeedbackError
from hwr_core.feedback.table import Correction
from hwr_core.spelling import written

__all__ = ["Archive", "FeedbackError", "Outline"]

LARGEST = 5_000_000  # bytes of one: a picture of as many grey pixels as are ever read is smaller
# Of all together: anyone may send them, and a disk that is full stops more than this page.
MOST, MOST_BYTES = 100_000, 500_000_000
SUFFIXES = {"picture": ".png", "strokes": ".json"}


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
            FeedbackError: it cannot be reached, or its address or the environment's days are wrong.
        """
        days = database.days()
        return cls(database.opened(url), days)

    @classmethod
    def found(cls) -> Self | None:
        """The environment's database, or None if nobody has kept anything: looking makes no file.

        Raises:
            FeedbackError: see `open`.
        """
        return None if database.missing() else cls.open()

    @classmethod
    def ready(cls) -> Self | None:
        """The environment's database, rid of what is past its time.

        None if it names none and the one beside the project cannot be written, as in a checkout
        that may only be read.

        Raises:
            FeedbackError: one was named and cannot be used, or the days are no number.
        """
        database.days()
        try:
            archive = cls.open()
            archive.expire()
        except FeedbackError:
            if DATABASE in os.environ:  # whoever names one wants it
                raise
            return None
        return archive

    def keep(self, kind: str, content: bytes, text: str, read: str, confidence: float) -> str:
        """Keep a correction and return its digest; the same writing again replaces its text.

        Raises:
            FeedbackError: `text` is no name in the model's alphabet, `content` is too large, there
                is no room for more, or the database went away.
        """
        name = written(text)
        if not any(map(str.isalpha, name)) or AS_WRITTEN.unknown(name) or len(name) > 100:
            message = "Type the name as it is written: letters, hyphens and apostrophes."
            raise FeedbackError(message)
        if len(content) > LARGEST:
            message = "Your writing is too large to be kept; choose a part of the picture."
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
        with Session(self._engine) as session:
            with session.begin():  # by itself: what is past its time goes if there is no room, too
                session.execute(self._old())
            with session.begin():
                _find_room(session, values["digest"], len(values["content"]))
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
        with self._session("deleted") as session:
            return session.connection().execute(self._old()).rowcount

    def _old(self) -> Delete:
        """The statement that deletes what is past its time."""
        return delete(Correction).where(Correction.day < self._oldest())

    def _oldest(self) -> date:
        """The first day that is not past its time."""
        return _today() - timedelta(days=self._days)

    def delete(self, digest: str) -> None:
        """Delete one correction by its digest, or all by "all".

        Raises:
            FeedbackError: there is no such correction; or as `expire`.
        """
        chosen = delete(Correction)
        if digest != "all":
            chosen = chosen.where(Correction.digest == digest)
        with self._session("deleted") as session:
            gone = session.connection().execute(chosen).rowcount
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


def _find_room(session: Session, digest: str, size: int) -> None:
    """Make sure that a correction of `size` bytes may be kept beside the others.

    Raises:
        FeedbackError: they are too many, or too large together.
    """
    sizes = func.coalesce(func.sum(func.length(Correction.content)), 0)  # reads no content
    others = select(func.count(), sizes).where(Correction.digest != digest)
    count, taken = session.execute(others).one()
    if count >= MOST or taken + size > MOST_BYTES:
        message = "There is no room for more corrections; ask whoever runs this page to make some."
        raise FeedbackError(message)


def _today() -> date:
    return datetime.now(UTC).date()
