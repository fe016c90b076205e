"""Spans that texts alone have in footage want pictures: whoever works at the library next takes them."""

from functools import partial

from indexer.domain import VideoId
from indexer.ingest.planning import Origin, keyframes_unit
from indexer.ingest.task import with_patience
from indexer.store import Database, jobs, keyframes

_VIDEOS_AT_ONCE = 500  # asked for in one transaction


def ask_for_pictures(database: Database) -> None:
    """Queue the pictures that imported texts lack, of videos that can be read now."""
    with database.read() as tx:
        lacking = keyframes.without_pictures_beside(tx)
    for start in range(0, len(lacking), _VIDEOS_AT_ONCE):
        with_patience(partial(_queue, database, lacking[start : start + _VIDEOS_AT_ONCE]))


def _queue(database: Database, some: list[VideoId]) -> None:
    with database.write() as tx:
        jobs.put(tx, [keyframes_unit(video, Origin()) for video in some])
