"""Run a generator in a thread of its own, a bounded number of values ahead of its reader."""

import threading
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from queue import Empty, Full, Queue
from typing import TypeVar

T = TypeVar("T")

_LOOK_UP_S = 0.1  # how often a thread that is held up looks whether it is still wanted


def ahead(values: Iterable[T], limit: int) -> Generator[T, None, None]:
    """The same values, in order, made while the reader is busy: at most `limit` wait for it.

    An exception comes to the reader after the values before it. When the reader stops early and closes this, `values`
    is closed in its own thread, and that has ended when `close` returns.
    """
    with _filled(values, limit) as waiting:
        while not isinstance(value := waiting.get(), _End):
            yield value
        if value.error is not None:
            raise value.error


def in_bursts(values: Iterable[T], limit: int) -> Generator[list[T], None, None]:
    """As `ahead`, in lists of what waits whenever the reader asks: at least one, at most `limit`."""
    with _filled(values, limit) as waiting:
        end: _End | None = None
        while end is None:
            burst, end = _taken(waiting, limit)
            if burst:
                yield burst
        if end.error is not None:
            raise end.error


class _End:
    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


@contextmanager
def _filled(values: Iterable[T], limit: int) -> "Iterator[Queue[T | _End]]":
    waiting: Queue[T | _End] = Queue(limit)
    unwanted = threading.Event()
    thread = threading.Thread(target=_fill, args=(iter(values), waiting, unwanted), name="ahead", daemon=True)
    thread.start()
    try:
        yield waiting
    finally:
        unwanted.set()
        _drain(waiting)
        thread.join()


def _taken(waiting: "Queue[T | _End]", limit: int) -> "tuple[list[T], _End | None]":
    """What waits, once there is something; and the end, where it is reached."""
    burst: list[T] = []
    value = waiting.get()
    while not isinstance(value, _End):
        burst.append(value)
        if len(burst) == limit:
            return burst, None
        try:
            value = waiting.get_nowait()
        except Empty:
            return burst, None
    return burst, value


def _fill(values: Iterator[T], waiting: "Queue[T | _End]", unwanted: threading.Event) -> None:
    end = _End()
    try:
        for value in values:
            if not _hand_over(value, waiting, unwanted):
                break
    except BaseException as error:
        end = _End(error)
    finally:
        if isinstance(values, Generator):
            values.close()
        _hand_over(end, waiting, unwanted)


def _hand_over(value: "T | _End", waiting: "Queue[T | _End]", unwanted: threading.Event) -> bool:
    while not unwanted.is_set():
        try:
            waiting.put(value, timeout=_LOOK_UP_S)
        except Full:
            continue
        return True
    return False


def _drain(waiting: "Queue[T | _End]") -> None:
    try:
        while True:
            waiting.get_nowait()
    except Empty:
        return
