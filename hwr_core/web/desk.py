"""The desk behind the page: what browsers and programs ask for, answered in plain JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol, Self

from pydantic import ConfigDict, Field

from hwr_core import pages
from hwr_core.answer import as_record
from hwr_core.bundle import MAX_MEMBERS, Bundle
from hwr_core.config import ConfigError, Settings
from hwr_core.feedback.archive import Archive, FeedbackError
from hwr_core.imagefile import open_upright
from hwr_core.picture import PictureError, PictureSource, Strip
from hwr_core.recognizer import Reading
from hwr_core.strokes import Drawing, parse
from hwr_core.web.line import Line
from hwr_core.web.views import cut, data_url, png, strip_url

VERSION = 1  # of the answers' form; it grows when a key changes its meaning or goes
PORTION = 16  # pictures of a batch that one request reads
AT_WORK = 2  # readings at a time: one a core
WAITING = 64  # requests taken in; the next is asked to come back

Answer = dict[str, Any]


class Reader(Protocol):
    """What the desk needs of a recognizer."""

    def read(self, picture: PictureSource | Drawing, top: int = 5) -> Reading:
        """One picture's reading."""

    def read_many(
        self, pictures: Sequence[PictureSource | Drawing | PictureError], top: int = 5
    ) -> list[Reading | PictureError]:
        """Many pictures' readings."""

    def prepare(self, picture: PictureSource | Drawing) -> Strip:
        """The strip that the model sees."""

    def read_strips(self, strips: Sequence[Strip], top: int = 5) -> list[Reading]:
        """The readings of such strips."""


class File(Settings):
    """Gradio's record of an uploaded file; the other keys do not matter."""

    model_config = ConfigDict(extra="ignore")

    path: str


class Request(Settings):
    """What the page asks for; it may come from anyone."""

    @classmethod
    def of(cls, request: object) -> Self:
        """The request, checked.

        Raises:
            PictureError: it has another form.
        """
        try:
            return cls.parse(request if isinstance(request, dict) else {})
        except ConfigError as error:
            message = "The page asked for something that does not exist; load it again."
            raise PictureError(message) from error


class Look(Request):
    """A picture to be read, turned and cut."""

    file: File
    turn: int = Field(default=0, ge=0, lt=360, multiple_of=90)  # degrees, against the clock
    # Left, top, right and bottom of the part to read, as shares of the turned picture.
    box: tuple[float, float, float, float] | None = None


class Portion(Request):
    """A part of a file of many pictures."""

    file: File
    name: str = Field(max_length=300)
    start: int = Field(default=0, ge=0)


class Amendment(Request):
    """What a person says the writing is: of the pad's strokes, or of an uploaded picture."""

    consent: bool = False
    text: str = Field(max_length=300)
    drawing: str | None = None
    look: Look | None = None


class Desk:
    """Reads for many people at once; safe to share between threads."""

    def __init__(self, reader: Reader, uploads: Path, archive: Archive | None = None) -> None:
        """A desk.

        Args:
            reader: the recognizer.
            uploads: the one folder from which files are opened.
            archive: where corrections are kept; None keeps none.
        """
        self._archive = archive
        self._reader = reader
        self._uploads = uploads.resolve()
        self._line = Line(AT_WORK, WAITING)

    def read_drawing(self, drawing: str | None) -> Answer:
        """The reading of a pad's strokes as JSON text."""
        return self._answer("", lambda: self._reader.read(parse(drawing)))

    def read_picture(self, file: object) -> Answer:
        """The reading of an uploaded picture; of a PDF or TIFF, of its first page."""
        return self._answer("", lambda: self._reader.read(self._path(file)))

    def read_batch(self, files: Sequence[object] | None) -> list[Answer]:
        """The readings of all pictures in uploaded files, zips and PDFs, in order."""
        answers, given = list[Answer](), files or [None]
        for number, file in enumerate(given):
            if len(answers) >= MAX_MEMBERS:
                message = f"{len(given) - number:,} more files were not read; send less at once."
                return [*answers, _answer("", PictureError(message))]
            answers += self._all(file)
        return answers

    def view_picture(self, request: object) -> Answer:
        """For the page: the reading of a turned and cut picture, the picture and its strip."""
        view: Answer = {}

        def read() -> Reading:
            look = Look.of(request)
            path = self._path(look.file.model_dump())
            image, shrunk = open_upright(path, whole=look.box is not None)
            turned = image.rotate(look.turn, expand=True)
            width = turned.width if look.turn or look.box else turned.width / shrunk
            view.update(picture=data_url(turned, 1000), width=width, height=turned.height)
            part = cut(turned, look.box) if look.turn or look.box else path
            strip = self._reader.prepare(part)
            view.update(strip=strip_url(strip))
            (reading,) = self._reader.read_strips([strip])
            view.update(pages=pages.count(path, MAX_MEMBERS) or 1)  # of which the first was read
            return reading

        answer = self._answer("", read)
        return {**answer, "view": view} if "strip" in view else answer

    def view_batch(self, request: object) -> Answer:
        """For the page: a portion of a file of many pictures, with small pictures of them."""
        try:
            asked = Portion.of(request)
            with self._line.turn():
                bundle = Bundle.open(self._path(asked.file.model_dump()), asked.name)
                some = (asked.start, asked.start + PORTION)
                answers = list(self._some(bundle, *some, thumbnails=True))
        except PictureError as error:
            return as_record("", error)
        total, kind = len(bundle.members), bundle.kind
        return {"total": total, "kind": kind, "answers": answers, "error": None}

    def correct(self, request: object) -> Answer:
        """For the page: keep a correction, if its author agreed."""
        try:
            asked = Amendment.of(request)
            if not asked.consent or self._archive is None:
                return {"error": "Nothing was kept: tick the box if your writing may be kept."}
            with self._line.turn():
                kind, content, picture = self._writing(asked)
                reading = self._reader.read(picture)
                given = (asked.text, reading.text, reading.confidence)
                self._archive.keep(kind, content, *given)
        except (PictureError, FeedbackError) as error:
            return {"error": str(error)}
        return {"error": None}

    def _writing(self, asked: Amendment) -> tuple[str, bytes, PictureSource | Drawing]:
        """The kind and content to keep, and what to read: never more than the chosen part."""
        if asked.look is None:
            drawing = parse(asked.drawing)
            return "strokes", drawing.to_json().encode(), drawing  # no keys of a stranger's own
        image, _ = open_upright(self._path(asked.look.file.model_dump()), whole=True)
        part, _ = open_upright(cut(image.rotate(asked.look.turn, expand=True), asked.look.box))
        return "picture", png(part), part

    def _all(self, file: object) -> Iterator[Answer]:
        """The answers for one uploaded file."""
        name = ""
        try:
            path = self._path(file)
            name = path.name
            with self._line.turn():
                bundle = Bundle.open(path, name)
                yield from self._some(bundle, 0, len(bundle.members))
        except PictureError as error:
            yield _answer(name, error)

    def _some(
        self, bundle: Bundle, start: int, stop: int, thumbnails: bool = False
    ) -> Iterator[Answer]:
        """The answers for some pictures of a file, read one by one: pages take much memory."""
        for name, picture in bundle.pictures(start, stop):
            yield self._one(name, picture, thumbnails)
            self._line.let_pass()  # a zip of thousands keeps nobody from writing

    def _one(self, name: str, picture: PictureSource | PictureError, thumbnail: bool) -> Answer:
        """The answer for a picture of a file."""
        (outcome,) = self._reader.read_many([picture])
        answer = _answer(name, outcome)
        if thumbnail and not isinstance(picture, PictureError) and not answer["error"]:
            answer["thumbnail"] = data_url(open_upright(picture)[0], 240)
        return answer

    def _answer(self, name: str, read: Callable[[], Reading]) -> Answer:
        """What `read` gives, once there is a place; its refusal as a sentence."""
        try:
            with self._line.turn():
                return _answer(name, read())
        except PictureError as error:
            return _answer(name, error)

    def _path(self, file: object) -> Path:
        """The uploaded file that a record stands for.

        A caller may write a record that names any path of this machine, so only files in the
        upload folder count.
        """
        record = file if isinstance(file, dict) else {}
        try:
            path = Path(str(record.get("path") or "")).resolve()
            own, there = path.is_relative_to(self._uploads), path.is_file()
        except (ValueError, OSError):  # a path of no system
            own, there = False, False
        if not record or not own:
            message = "Choose a picture of one name first."
            raise PictureError(message)
        if not there:  # the page deletes uploads, see `app.keep_clean`
            message = "Your picture was deleted; send it again."
            raise PictureError(message)
        return path


def _answer(name: str, outcome: Reading | PictureError) -> Answer:
    return {"version": VERSION, **as_record(name, outcome)}
