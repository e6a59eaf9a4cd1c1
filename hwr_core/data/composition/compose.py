"""Composed names: a text, a way of writing it, a pen or print around it, and its strip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydantic import Field, field_validator

from hwr_core.config import Settings
from hwr_core.data.composition.clutter import ClutterSettings, clutter
from hwr_core.data.composition.cuts import Cuts
from hwr_core.data.composition.fonts import Fonts
from hwr_core.data.composition.forms import Form, load_forms
from hwr_core.data.composition.letters import Letters
from hwr_core.data.composition.texts import TextMix, Texts
from hwr_core.data.composition.words import Words
from hwr_core.data.composition.writing import CannotWrite, Writer, Written
from hwr_core.data.pack import Outcome, Refused, pack_all, pack_sample
from hwr_core.data.samples import DataError, LeftOut, Sample
from hwr_core.data.store import Store
from hwr_core.inking import render
from hwr_core.pen import PenStyle, vary
from hwr_core.picture import PictureSpec
from hwr_core.spelling import fold
from hwr_core.strokes import Drawing

Kind = Literal["words", "letters", "cuts", "fonts"]
Split = Literal["train", "validation"]
Share = Annotated[float, Field(ge=0, le=1)]

SPLITS: tuple[Split, ...] = ("train", "validation")
SHRUNK = (180, 320)  # pixels; DHSD's photographs, names of 2 to 40 letters, are 256 wide
TRIES = 50  # texts drawn until a hand has all the characters; one in two or three has


class CompositionSettings(Settings):
    """What a store of composed names is made from; see configs/composition/names.yaml."""

    lexicons: Path
    unipen: Path | None = None  # the folder that `prepare unipen-words` reads
    cuts: Path | None = None  # what `cut` wrote; it holds real forms, too
    label_counts: Path | None = None
    alike: tuple[Path, ...] = ()  # stores, for texts like their training labels
    mix: TextMix = TextMix()
    seed: int = Field(default=1, ge=0)
    pictures: dict[Split, Annotated[int, Field(ge=0)]] = Field({"train": 60_000})
    # How often each way of writing is chosen; relative to each other.
    kinds: dict[Kind, Annotated[float, Field(ge=0)]] = Field(
        {"words": 3, "letters": 2, "cuts": 3, "fonts": 2}, min_length=1
    )
    # The share of each that gets the print of a form around it.
    cluttered: dict[Kind, Share] = Field({"cuts": 0.6, "fonts": 0.2, "letters": 0.1})
    clutter: ClutterSettings = ClutterSettings()
    shrunk: Share = 0.0  # of all pictures, to a width in `SHRUNK`
    pen: PenStyle = PenStyle()
    picture: PictureSpec = PictureSpec()  # the canvas

    @field_validator("kinds")
    @classmethod
    def _some(cls, kinds: dict[Kind, float]) -> dict[Kind, float]:
        if not any(kinds.values()):
            message = "no way of writing is left; give one of them a weight above 0"
            raise ValueError(message)
        return kinds


@dataclass(frozen=True)
class Order:
    """One picture to compose; what it shows is a pure function of seed, split and number."""

    split: Split
    number: int


@dataclass(frozen=True)
class Studio:
    """The writers of one side of the split, and what they are asked to write."""

    settings: CompositionSettings
    texts: Texts
    writers: dict[Kind, Writer]
    forms: Sequence[Form]  # empty forms, cut from the scans, too
    left_out: LeftOut  # of the material, both sides

    def compose(self, order: Order) -> Sample | Refused:
        """One composed name.

        A text that no hand can write is drawn anew, so rare characters come from the kinds that
        have them; only when `TRIES` texts failed is the picture left out, and counted.
        """
        seed, split = self.settings.seed, SPLITS.index(order.split)
        rng = np.random.default_rng((seed, split, order.number))
        shares = np.array([self.settings.kinds[kind] for kind in self.writers])
        kind = list(self.writers)[rng.choice(len(shares), p=shares / shares.sum())]
        name = f"{kind}-{order.split}-{order.number}"
        for _ in range(TRIES):
            try:
                written = self.writers[kind].write(self.texts.draw(rng), rng)
            except CannotWrite:
                continue
            picture = self._on_paper(written, kind, rng)
            label = fold(written.text) if written.folded else written.text
            source, hand = f"composed-{kind}", written.hand
            return Sample(name, picture, label, order.split, source, hand, written.folded)
        return Refused(order.split, f"no text for {kind}", name)

    def _on_paper(
        self, written: Written, kind: Kind, rng: np.random.Generator
    ) -> Drawing | NDArray[np.uint8]:
        """Strokes through a pen of their own, and print around what is to have it."""
        picture = written.picture
        if isinstance(picture, Drawing):
            picture = vary(picture, self.settings.pen, rng)
        cluttered = rng.random() < self.settings.cluttered.get(kind, 0)
        # Nothing is drawn for what is not asked for: it would shift all that is drawn after it.
        small = self.settings.shrunk > 0 and rng.random() < self.settings.shrunk
        if not cluttered and not small:
            return picture
        grey = np.asarray(render(picture)) if isinstance(picture, Drawing) else picture
        if cluttered:
            grey = clutter(grey, self.settings.clutter, rng, self.forms)
        return _shrunk(grey, rng) if small else grey


def _shrunk(grey: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """A picture (H, W) made so small that long names get blurred; never larger."""
    image, width = Image.fromarray(grey), int(rng.integers(*SHRUNK, endpoint=True))
    image.thumbnail((width, image.height))
    return np.asarray(image)


def compose(settings: CompositionSettings, out: Path) -> Store:
    """Compose all the pictures of `settings`, in parallel, into a store.

    Raises:
        DataError: `out` exists, or the material cannot be used.
    """
    given, left_out = settings.model_dump_json(), LeftOut()
    for split in settings.pictures:  # here, where a refusal is one sentence
        left_out.splits[split] = studio(given, split).left_out.splits.get(split, {})
    orders = [Order(split, n) for split, count in settings.pictures.items() for n in range(count)]
    spec = settings.picture
    return pack_all(orders, Work(given, spec), out, spec, left_out)


@dataclass(frozen=True)
class Work:
    """What a worker process does; it travels as text, and the studio is built where it works."""

    settings: str  # JSON
    spec: PictureSpec

    def __call__(self, order: Order) -> Outcome:
        """The strip of one composed name."""
        sample = studio(self.settings, order.split).compose(order)
        return sample if isinstance(sample, Refused) else pack_sample(sample, self.spec)


@lru_cache(maxsize=2)  # both sides of the split
def studio(settings: str, split: Split) -> Studio:
    """The writers of one side, loaded once a process.

    Raises:
        DataError: the material cannot be used.
    """
    made, left_out = CompositionSettings.model_validate_json(settings), LeftOut()
    kinds = [kind for kind, share in made.kinds.items() if share]
    writers = {kind: _writer(kind, made, split, left_out) for kind in kinds}
    texts = Texts.load(made.lexicons, made.label_counts, made.mix, made.alike)
    forms = load_forms(made.cuts, split) if made.cuts else ()
    return Studio(made, texts, writers, forms, left_out)


def _writer(kind: Kind, settings: CompositionSettings, split: Split, left_out: LeftOut) -> Writer:
    match kind, settings:
        case "fonts", _:
            return Fonts.load(split)
        case "words", CompositionSettings(unipen=Path() as folder):
            return Words.load(folder, split, left_out)
        case "letters", CompositionSettings(unipen=Path() as folder):
            return Letters.load(folder, split, left_out)
        case "cuts", CompositionSettings(cuts=Path() as file):
            return Cuts.load(file, split)
    needed = "cuts" if kind == "cuts" else "unipen"
    message = f"kinds.{kind} needs the path {needed}; name it, or set kinds.{kind}=0"
    raise DataError(message)
