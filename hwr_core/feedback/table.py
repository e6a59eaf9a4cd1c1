"""The table of corrections, as SQLAlchemy and its migrations know it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import LargeBinary
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


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
