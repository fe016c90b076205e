"""Another captioner for a library that has captions: its own come beside them, and are searched when complete."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from indexer.captioning import Captioner
from indexer.domain import Recipe, VideoId
from indexer.errors import UsageError
from indexer.ingest.planning import Asked, Origin, plan
from indexer.ingest.task import with_patience
from indexer.store import Database, Transaction, coverage, jobs, recipes, settings, switching, videos
from indexer.store.failed_captions import forget_failed_captions
from indexer.store.switching import switch_if_complete

__all__ = ["Recaptioning", "recaption", "switch_if_complete"]

_VIDEOS_AT_ONCE = 50  # planned in one transaction, so that others can write in between


@dataclass(frozen=True, slots=True)
class Recaptioning:
    """What was asked for. `videos` lacked the recipe and are to get it. `switches`: it is searched first as soon as all
    that can be captioned is; `is_searched`: it is already. `is_complete`: nothing lacks it."""

    recipe: Recipe
    videos: int
    units: int
    switches: bool
    is_searched: bool
    is_complete: bool


def recaption(
    database: Database, captioner: Captioner, name: str, *, videos: Sequence[VideoId] | None = None
) -> Recaptioning:
    """Queue captions by `captioner` (which users call `name`) for every video that lacks them.

    With `videos` only these get them, and what is searched stays as it is. Without, every video is to have them, also
    those that are added later, and the library is switched to them when they are complete. Where they are complete
    already nothing is asked for; `switching.switch_to` takes them. Asking twice is asking once. Raises `UsageError` for
    a video that is not there.
    """
    recipe = captioner.recipe
    with database.write() as tx:
        for video in videos if videos is not None else (None,):
            forget_failed_captions(tx, video=video, recipe=recipe)
    with database.read() as tx:
        is_searched = settings.preference(tx)[:1] == [recipe]
        is_complete = not _lacking(tx, recipe, videos) and switching.has_written(tx, recipe)
    for_all = videos is None and not is_complete
    switches = for_all and not is_searched
    with database.write() as tx:  # from here on what is cut gets this recipe too, and whoever idles asks for the rest
        recipes.note_captioner(tx, recipe, name)
        if for_all:
            jobs.forget_recipes(tx, recipes.want(tx, recipe, captioner=name))
        if switches:
            switching.switch_when_complete(tx, recipe)
        lacking = _lacking(tx, recipe, videos)
    units = 0
    for some in _batches(lacking):
        origin = Origin() if for_all else Origin(asked=Asked(recipe, name))
        units += with_patience(partial(_queue, database, some, recipe=recipe, origin=origin))
    if switches:
        with database.write() as tx:
            is_searched = switch_if_complete(tx, recipe)  # workers may have been faster
    return Recaptioning(recipe, len(lacking), units, switches, is_searched, is_complete)


def catch_up(database: Database) -> int:
    """Ask for what nobody asked for yet, as where a program was killed while it did: what videos lack that are not
    complete, and the recipe that the library is to be switched to. Switches to that if nothing of it is left. Returns
    how many units there are."""
    with database.read() as tx:
        coming = coverage.coming(tx)
        waiting = list(dict.fromkeys([*coverage.without_work(tx), *(coverage.forgotten(tx, coming) if coming else ())]))
    units = 0
    for some in _batches(waiting):
        units += with_patience(partial(_ask_for_the_rest, database, some))
    if coming is not None:
        with database.write() as tx:
            switch_if_complete(tx, coming)
    return units


def _lacking(tx: Transaction, recipe: Recipe, among: Sequence[VideoId] | None) -> list[VideoId]:
    lacking = coverage.lacking(tx, recipe)
    if among is None:
        return lacking
    known = {video.id for video in videos.load(tx, list(among))}
    if unknown := [video for video in among if video not in known]:
        raise UsageError(f"there is no video {unknown[0]!r} in this library; `shotlist videos` lists them")
    return [video for video in lacking if video in known]


def _queue(database: Database, some: Sequence[VideoId], *, recipe: Recipe, origin: Origin) -> int:
    """Ask for what these videos lack; returns how many units there are of `recipe`."""
    with database.write() as tx:
        units = [unit for video in some for unit in plan(tx, video, origin)]
        jobs.put(tx, units)
    return sum(unit.recipe == recipe for unit in units)


def _ask_for_the_rest(database: Database, some: Sequence[VideoId]) -> int:
    units = 0
    with database.write() as tx:
        for video in videos.load(tx, list(some)):
            found = plan(tx, video.id)
            units += len(jobs.put(tx, found))
            if not found and not video.complete:
                videos.finish(tx, video.id)
    return units


def _batches(listed: Sequence[VideoId]) -> list[Sequence[VideoId]]:
    return [listed[start : start + _VIDEOS_AT_ONCE] for start in range(0, len(listed), _VIDEOS_AT_ONCE)]
