"""How fast strips are delivered beside how fast the network learns: a ratio within one process.

A network must never wait for its data: delivery is to be some times as fast as the network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, islice, repeat
from statistics import median
from time import perf_counter

import torch
from torch import Generator, Tensor

from hwr_core.data.augment import augment
from hwr_core.data.batches import Batch
from hwr_core.training.names import Names
from hwr_core.training.reader import Reader
from hwr_core.training.recipe import Recipe

ROUNDS = 5  # of both in turn, so that a slow moment hits each alike; medians count
READY = 8  # batches that the network is given again and again


def delivery(recipe: Recipe, seconds: float) -> Iterator[str]:
    """Time both for about that many seconds each, on the recipe's device; a line each, a ratio.

    Delivered: store to batches, to the device, augmented, ready for the network. The network:
    forward, backward and the optimiser's step, on batches that lie ready.

    Raises:
        DataError: a store cannot be used.
    """
    if recipe.threads:
        torch.set_num_threads(recipe.threads)
    device, names = device_of(recipe), Names(recipe)
    loader = names.train_dataloader()
    batches = chain.from_iterable(repeat(loader))  # so that a small store lasts
    generator = Generator(device).manual_seed(recipe.seed)
    learn = Learning(recipe, names.steps, device)
    ready = [delivered(batch, recipe, generator) for batch in islice(loader, READY)]
    again = chain.from_iterable(repeat(ready))
    works: dict[str, Callable[[], int]] = {
        "delivered": lambda: len(delivered(next(batches), recipe, generator).images),
        "the network learns": lambda: learn(next(again)),
    }
    rates: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work()  # the first one allocates
    for _ in range(ROUNDS):
        for name, work in works.items():
            rates[name].append(_rate(work, seconds / ROUNDS, device))
    where = f"{device}, {torch.get_num_threads()} threads" if device.type == "cpu" else str(device)
    yield f"{where}, batches of {recipe.optim.batch}, median of {ROUNDS} rounds"
    for name, each in rates.items():
        yield f"{name:20}{median(each):10,.0f} pictures/s"
    ratio = median(a / b for a, b in zip(*rates.values(), strict=True))
    yield f"{'ratio':20}{ratio:10.1f}"


class Learning:
    """A network's own work on a batch, as `Reader` does it in training."""

    def __init__(self, recipe: Recipe, steps: int, device: torch.device) -> None:
        self.reader = Reader(recipe, steps).to(device)
        self.optimizer = self.reader.configure_optimizers()["optimizer"]
        self.recipe, self.device = recipe, device

    def __call__(self, batch: Batch) -> int:
        """Learn from a batch; returns its size."""
        mixed = self.recipe.precision == "bf16-mixed"
        self.optimizer.zero_grad()
        with torch.autocast(self.device.type, torch.bfloat16, enabled=mixed):
            loss = self.reader.loss(batch.images, batch).mean
        loss.backward()  # type: ignore[no-untyped-call]  # torch's stubs
        torch.nn.utils.clip_grad_norm_(self.reader.parameters(), self.recipe.optim.clip)
        self.optimizer.step()
        return len(batch.images)


def device_of(recipe: Recipe) -> torch.device:
    """The device that a recipe trains on here."""
    gpu = recipe.accelerator != "cpu" and torch.cuda.is_available()
    return torch.device("cuda" if gpu else "cpu")


def delivered(batch: Batch, recipe: Recipe, generator: Generator) -> Batch:
    """A batch of the loader as the network gets it: on the generator's device, augmented."""
    batch = Batch(*(part.to(generator.device, non_blocking=True) for part in batch))
    images: Tensor = augment(batch.images.float() / 255, recipe.augment, generator)
    return batch._replace(images=images.contiguous(memory_format=torch.channels_last))


def _rate(work: Callable[[], int], seconds: float, device: torch.device) -> float:
    """Pictures a second over about that long; whatever a GPU was asked for is waited for."""
    pictures, began = 0, perf_counter()
    while perf_counter() - began < seconds:
        pictures += work()
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return pictures / (perf_counter() - began)
