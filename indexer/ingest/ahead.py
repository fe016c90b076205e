"""Run a generator in a thread of its own, a bounded number of values ahead of its reader."""

import threading
from collections.abc import Generator, Iterable, Iterator
from queue import Empty, Full, Queue
from typing import TypeVar

T = TypeVar("T")

_LOOK_UP_S = 0.1  # how often a thread that is held up looks whether it is still wanted


def ahead(values: Iterable[T], limit: int) -> Generator[T, None, None]:
    """The same values, in order, made while the reader is busy: at most `limit` wait for it.

    An exception comes to the reader after the values before it. When the reader stops early and closes this, `values`
    is closed in its own thread, and that has ended when `close` returns.
    """
    waiting: Queue[T | _End] = Queue(limit)
    unwanted = threading.Event()
    thread = threading.Thread(target=_fill, args=(iter(values), waiting, unwanted), name="ahead", daemon=True)
    thread.start()
    try:
        while not isinstance(value := waiting.get(), _End):
            yield value
        if value.error is not None:
            raise value.error
    finally:
        unwanted.set()
        _drain(waiting)
        thread.join()


class _End:
    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


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
