"""The page with a reader that holds every reading back until a file is there.

Its uploads are gone after two seconds, so that a test can wait for it.
"""

import sys
import time
from pathlib import Path

import app
from hwr_core.picture import prepare
from hwr_core.recognizer import Reading


class Gated:
    """Reads everything as EMMA, once the gate is open."""

    def __init__(self, gate: Path):
        self._gate = gate

    def prepare(self, picture):
        return prepare(picture)

    def read_strips(self, strips, top=5):
        return [self.read(strip) for strip in strips]

    def read(self, picture, top=5):
        while not self._gate.exists():
            time.sleep(0.02)
        return Reading("EMMA", "EMMA", 0.97, True, (), ())

    def read_many(self, pictures, top=5):
        return [self.read(picture) for picture in pictures]


if __name__ == "__main__":
    page = app.build_app(Gated(Path(sys.argv[1])))
    page.delete_cache = (1, 2)  # seconds: how often, how old
    app.launch(page)
