"""Another embedder for a library that has vectors: its own come beside them, and are searched when complete."""

from collections.abc import Sequence
from functools import partial

from indexer.domain import VideoId
from indexer.ingest.planning import vector_units
from indexer.ingest.task import with_patience
from indexer.store import Database, Transaction, jobs, spaces

_VIDEOS_AT_ONCE = 50  # planned in one transaction, so that others can write in between


def ask_for_vectors(database: Database) -> int:
    """Queue the vectors that nobody asked for yet, by embedders of pictures and by one of texts that is to come.
    Returns how many units there are."""
    with database.read() as tx:
        waiting = _without_vectors(tx)
    units = 0
    for start in range(0, len(waiting), _VIDEOS_AT_ONCE):
        units += with_patience(partial(_queue, database, waiting[start : start + _VIDEOS_AT_ONCE]))
    if waiting:
        switch_spaces(database)  # workers may have been faster
    return units


def switch_spaces(database: Database) -> None:
    """Search by the embedders that are to come and are complete."""
    with database.read() as tx:
        comes = [sort for sort in spaces.SORTS if spaces.coming(tx, sort)]
    if comes:
        with database.write() as tx:
            for sort in comes:
                spaces.switch_if_complete(tx, sort)


def told_of_coming(database: Database) -> list[str]:
    """For people: which embedders the library is to be searched by and is not yet."""
    told = []
    with database.read() as tx:
        for sort in spaces.SORTS:
            used, comes = spaces.in_use(tx, sort), spaces.coming(tx, sort)
            if used and comes:
                verb = "read" if sort == "texts" else "seen"
                told.append(
                    f"{sort} are searched by {used.embedder} until {comes.embedder} has {verb} as many; go on with "
                    "`shotlist worker`, and see how far it is with `shotlist recipes`"
                )
    return told


def _without_vectors(tx: Transaction) -> list[VideoId]:
    """Videos of which something lacks such a vector, and of which nothing is open or has failed."""
    comes = spaces.coming(tx, "texts")
    lacking = spaces.lacking(tx, "texts", comes.space) if comes else []
    for one in spaces.chosen(tx, "pictures"):
        lacking += spaces.lacking(tx, "pictures", one.space)
    busy = jobs.videos_with_work(tx) if lacking else set()
    return [video for video in dict.fromkeys(lacking) if video not in busy]


def _queue(database: Database, some: Sequence[VideoId]) -> int:
    with database.write() as tx:
        units = [unit for video in some for unit in vector_units(tx, video)]
        jobs.put(tx, units)
    return len(units)
