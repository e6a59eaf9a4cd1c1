"""Short runs that differ from one recipe in one thing each: what a change gives, in a table."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import mean, median

import lightning as L
from pydantic import BaseModel, ConfigDict, Field

from hwr_core.config import Settings, read_yaml
from hwr_core.data.mixture import Mixture
from hwr_core.evaluation import results
from hwr_core.evaluation.records import Epoch
from hwr_core.training.names import Names
from hwr_core.training.reader import Reader, TrainingError
from hwr_core.training.recipe import Recipe, load_recipe
from hwr_core.training.run import Run, quiet, train
from hwr_core.whole import whole

DONE = "row.json"  # in the folder of a row's run


class Change(Settings):
    """One row: what it sets otherwise than the recipe, and which pictures judge it."""

    set: tuple[str, ...] = ()  # key=value
    judged: tuple[Path, ...] = ()  # stores whose validation splits count; none: the plan's


class Ablations(Settings):
    """The recipe of a short run, and the changes to try; see configs/ablations/rows.yaml."""

    recipe: Path
    set: tuple[str, ...] = ()  # key=value, for every row
    judged: tuple[Path, ...] = Field(min_length=1)  # stores whose validation splits count
    rows: dict[str, Change] = Field(min_length=1)  # by title

    @classmethod
    def load(cls, path: Path) -> Ablations:
        """Read them, and the recipe of every row.

        Raises:
            ConfigError: the file or a row's recipe cannot be used.
        """
        found = cls.parse(read_yaml(path), str(path))
        for title in found.rows:
            found.recipe_of(title)
        return found

    def judges(self, title: str) -> tuple[Path, ...]:
        """The stores whose validation splits judge a row."""
        return self.rows[title].judged or self.judged

    def recipe_of(self, title: str) -> Recipe:
        """The recipe of a row; its name is the row's place and first word."""
        place = list(self.rows).index(title) + 1
        named = f"name={place:02}-{title.split()[0]}"
        return load_recipe(self.recipe, [*self.set, *self.rows[title].set, named])


class Row(BaseModel):
    """What a run gave. Rates are of greedy readings, in letters without case and accents."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    recipe: Recipe
    parameters: int  # that learn
    pictures: int  # passed, with repetition
    speed: float  # pictures a second, beside whatever else the machine did
    exact: dict[str, float]  # share of each source's validation names, 0 to 1
    cer: dict[str, float]  # letters wrong over letters of each source, 0 or more
    stores: dict[str, str]  # the identity of each store that it learned from or was judged by


def ablate(plan: Ablations, folder: Path, processes: int = 1) -> Iterator[Row]:
    """Train the rows that are not yet in `folder`, and give all, in the plan's order.

    A row that was stopped goes on after its last whole epoch.

    Raises:
        TrainingError: a loss is not finite, or a row in the folder had another recipe.
        DataError: a store cannot be used.
    """
    if processes == 1:
        yield from (_row(plan, title, folder) for title in plan.rows)
        return
    spawn = multiprocessing.get_context("spawn")  # torch's threads do not survive a fork
    with ProcessPoolExecutor(processes, mp_context=spawn) as pool:
        rows = [pool.submit(_row, plan, title, folder) for title in plan.rows]
        yield from (row.result() for row in rows)  # one that fails does not stop the others


def _row(plan: Ablations, title: str, folder: Path) -> Row:
    """Train and measure one row, unless it is there."""
    recipe = plan.recipe_of(title)
    run = Run(folder / recipe.name)
    kept, judged = run.folder / DONE, plan.judges(title)
    every = Mixture.open([*recipe.stores, *judged], recipe.picture).identities
    if kept.is_file():
        row = Row.model_validate_json(kept.read_text("utf-8"))
        if row.recipe != recipe or row.stores != every:
            message = f"{run.folder} holds a row of another recipe or other data; delete it first"
            raise TrainingError(message)
        return row
    train(recipe, run.folder, resume=run.last.is_file())
    row = _measured(title, recipe, judged, run, every)
    with whole(kept) as file:
        file.write(row.model_dump_json(indent=1).encode())
    return row


def _measured(
    title: str, recipe: Recipe, judged: tuple[Path, ...], run: Run, stores: dict[str, str]
) -> Row:
    """Read the validation splits of stores with a run's candidate."""
    changes = {"start": run.candidate, "stores": dict.fromkeys(judged, 1.0), "teacher": None}
    reader = _judge(recipe.model_copy(update=changes))
    epochs = results.records(results.read_training(run.folder), Epoch)
    return Row(
        title=title,
        recipe=recipe,
        parameters=sum(w.numel() for w in reader.parameters() if w.requires_grad),
        pictures=epochs[-1].step * recipe.optim.batch,
        speed=median(epoch.pictures_per_second or 0 for epoch in epochs),
        exact={source: counts.exact_match for source, counts in reader.counts.items()},
        cer={source: counts.cer for source, counts in reader.counts.items()},
        stores=stores,
    )


def _judge(recipe: Recipe) -> Reader:
    """What the recipe starts from, when it has read the validation splits of its stores."""
    names = Names(recipe)
    reader = Reader(recipe, mixture=names.mixture)
    with quiet():
        trainer = L.Trainer(
            accelerator=recipe.device, devices=1,
            logger=False, enable_progress_bar=False, enable_model_summary=False,
        )  # fmt: skip
        trainer.validate(reader, names, verbose=False)
    return reader


def table(rows: Iterable[Row]) -> str:
    """The rows in Markdown: exact match of each source, and the mean CER over the sources."""
    every = list(rows)
    sources = list(every[0].exact)
    titles = ["change", "parameters", "pictures", "a second", *sources, "CER, mean"]
    lines = [titles, ["---", *["---:"] * (len(titles) - 1)]]
    for row in every:
        exact = [f"{100 * row.exact[s]:.1f}" if s in row.exact else "-" for s in sources]
        cer = f"{100 * mean(row.cer.values()):.1f}" if row.cer.keys() >= set(sources) else "-"
        size = [f"{row.parameters:,}", f"{row.pictures:,}", f"{row.speed:,.0f}"]
        lines.append([row.title, *size, *exact, cer])
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
