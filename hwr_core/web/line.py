"""A line of people: so many served at a time, each in turn, and none taken in beyond a limit."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from hwr_core.picture import PictureError


class BusyError(PictureError):
    """More people than can be served; the sentence asks to wait."""


class Line:
    """Whose turn it is; safe to share between threads.

    A semaphore wakes the first in line, and lets whoever comes just then slip in before; the last
    of fifty would wait twice as long as most. Here a place is handed over.
    """

    def __init__(self, served: int, taken: int) -> None:
        """`served` at a time, of `taken` who are in."""
        self._lock = Lock()  # of what follows
        self._free = served
        self._room = taken
        self._waiting: deque[Lock] = deque()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and have it.

        Raises:
            BusyError: the line is full.
        """
        self._come()
        try:
            yield
        finally:
            self._go()

    def let_pass(self) -> None:
        """Within a turn: whoever waits goes first; nobody is turned away for it."""
        with self._lock:
            if not self._waiting:
                return
            mine = self._queue()
            self._waiting.popleft().release()
        mine.acquire()

    def _come(self) -> None:
        with self._lock:
            if not self._room:
                message = "Many people are writing just now; wait a moment and try again."
                raise BusyError(message)
            self._room -= 1
            if self._free:
                self._free -= 1
                return
            mine = self._queue()
        mine.acquire()  # until whoever goes releases it

    def _go(self) -> None:
        with self._lock:
            self._room += 1
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1

    def _queue(self) -> Lock:
        """A lock at the end of the line, released when it is its owner's turn."""
        mine = Lock()
        mine.acquire()
        self._waiting.append(mine)
        return mine
