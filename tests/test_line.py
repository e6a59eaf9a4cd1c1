"""The line of people: in turn, so many at a time, and a sentence for those beyond."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock

import pytest

from hwr_core.web.line import BusyError, Line


def wait_until(true):
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_people_are_served_in_the_order_they_came():
    line, order, come, go = Line(1, 20), [], [], Event()

    def person(number):
        come.append(number)
        with line.turn():
            order.append(number)
            go.wait(30)

    with ThreadPoolExecutor(12) as pool:
        for number in range(12):
            pool.submit(person, number)
            wait_until(lambda number=number: len(line._waiting) == number)
        go.set()
    assert order == come == list(range(12))


def test_no_more_are_served_at_a_time_than_may_be():
    line, lock, now, most = Line(3, 100), Lock(), [], []

    def person(number):
        with line.turn():
            with lock:
                now.append(number)
                most.append(len(now))
            time.sleep(0.001)
            with lock:
                now.remove(number)

    with ThreadPoolExecutor(40) as pool:
        list(pool.map(person, range(100)))
    assert max(most) == 3
    assert len(most) == 100


def test_within_a_turn_whoever_waits_goes_first_and_nobody_is_turned_away():
    line, order = Line(1, 2), []

    def person():
        with line.turn():
            order.append("person")

    with ThreadPoolExecutor(1) as pool, line.turn():
        line.let_pass()  # nobody waits
        pool.submit(person)
        wait_until(lambda: line._waiting)
        line.let_pass()
        order.append("first")
    assert order == ["person", "first"]
    assert (line._free, line._room) == (1, 2)


def test_whoever_comes_to_a_full_line_is_told_so_and_takes_no_place():
    line = Line(2, 2)
    with line.turn(), line.turn():
        for _ in range(3):
            with pytest.raises(BusyError, match="wait a moment"), line.turn():
                pass
    with line.turn(), line.turn():
        pass


def test_a_turn_that_fails_is_over():
    line = Line(1, 1)
    for _ in range(3):
        with pytest.raises(ValueError, match="mine"), line.turn():
            raise ValueError("mine")
