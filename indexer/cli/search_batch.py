"""Many queries from a file or a pipe, each answered by one line, in order, as soon as it is found."""

import json
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, Queue
from typing import Final, TypeVar

from indexer.cli.json_hits import answer_line
from indexer.cli.json_lines import Json
from indexer.cli.search_options import LISTINGS, MOST, Listed
from indexer.domain import Filters, Listing
from indexer.errors import UsageError
from indexer.library import Library

T = TypeVar("T")
R = TypeVar("R")

_THREADS: Final = 2  # most of a search is arithmetic outside of Python's lock
_AHEAD: Final = 64  # queries read before the first of them is answered
_LIMIT: Final = 100  # hits of a query that says nothing of it: measures of ranking look that far


@dataclass(frozen=True, slots=True)
class BatchQuery:
    id: object  # whatever it was given as
    query: str
    limit: int
    by: Listing


def answer_batch(library: Library, lines: Iterable[str], *, filters: Filters, listed: Listed) -> Iterator[Json]:
    """An object for each line that holds anything, in order: what was found, or `error` and the number of the line."""

    def answer(number: int, line: str) -> Json:
        try:
            asked = read_query(line, listed=listed)
        except UsageError as error:
            return {"id": None, "line": number, "error": str(error)}
        result = library.search(
            asked.query, filters=filters, limit=asked.limit, listing=asked.by, per_video=listed.per_video
        )
        return answer_line(asked.id, result)

    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    yield from in_order(answer, numbered)


def read_query(line: str, *, listed: Listed) -> BatchQuery:
    """Raises `UsageError` with what is wrong with the line."""
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"this is no JSON: {error}") from None
    if not isinstance(entry, dict) or not isinstance(entry.get("query"), str):
        raise UsageError('this is no object with a text "query"')
    limit = entry.get("limit", listed.limit or _LIMIT)
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= MOST:
        raise UsageError(f'"limit" is a whole number from 1 to {MOST}, not {limit!r}')
    by = entry.get("by", listed.by or "segments")
    if by not in LISTINGS:
        raise UsageError(f'"by" is one of {", ".join(LISTINGS)}, not {by!r}')
    return BatchQuery(entry.get("id"), entry["query"], limit, by)


def in_order(answer: Callable[[int, T], R], questions: Iterable[tuple[int, T]]) -> Generator[R, None, None]:
    """Answers in the order of the questions, some at once. What is slow to ask holds up no answer: questions are read
    on a thread of their own, so that a program may wait for one answer before it asks the next."""
    waiting: Queue[Future[R] | BaseException | None] = Queue(_AHEAD)
    pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="search")
    over = threading.Event()

    def read() -> None:
        try:
            for number, question in questions:
                if over.is_set():
                    return
                waiting.put(pool.submit(answer, number, question))
            waiting.put(None)
        except BaseException as error:  # told where the answers are awaited
            waiting.put(error)

    threading.Thread(target=read, name="queries", daemon=True).start()
    try:
        while (one := waiting.get()) is not None:
            if isinstance(one, BaseException):
                raise one
            yield one.result()
    finally:
        over.set()
        pool.shutdown(cancel_futures=True)
        with suppress(Empty):  # makes room for whatever the other thread waits to put there, so that it ends
            while True:
                waiting.get_nowait()
