"""Captions of a batch of segments by one recipe. Their frames are decoded while the captioner writes about others."""

from collections.abc import Sequence
from contextlib import closing, suppress
from functools import partial
from itertools import islice
from typing import Final

from indexer.captioning.base import NotWanted
from indexer.domain import Caption, CaptionDraft, Facet, Recipe, Segment, SegmentId
from indexer.errors import ComponentError
from indexer.ingest import stages
from indexer.ingest.ahead import ahead, in_bursts
from indexer.ingest.planning import embedding_unit, is_best_to_come
from indexer.ingest.sources import find_material
from indexer.ingest.spooling import drop_used_spools, opened_spool
from indexer.ingest.task import Done, Task
from indexer.ingest.workbench import Workbench
from indexer.store import Transaction, jobs, segments
from indexer.timecode import TimeRange

_AT_ONCE: Final = 32  # captions committed together, at most: those that came while the ones before were


def write_captions(bench: Workbench, task: Task) -> None:
    """Raises `MediaError`, `ShareAway`, and `ComponentError` where the captioner is not fit."""
    missing = _missing(bench, task)
    if missing:
        _write_missing(bench, task, missing)

    with bench.database.read() as tx:
        best_to_come = is_best_to_come(tx, task.claim, bench.captioners)

    def write(tx: Transaction) -> Done:
        if task.claim.video is not None and best_to_come:
            jobs.put(tx, [embedding_unit(tx, task.claim)])
        return Done()

    task.finish(write)
    drop_used_spools(bench)


def span_of(task: Task) -> TimeRange:
    payload = task.claim.payload
    return TimeRange(int(payload["start_us"] or 0), int(payload["end_us"] or 0))


def _missing(bench: Workbench, task: Task) -> list[Segment]:
    video, recipe, span = task.claim.video, task.claim.recipe, span_of(task)
    if video is None or recipe is None:
        return []
    with bench.database.read() as tx:
        lacking = segments.uncaptioned(tx, video, recipe)
    return [one for one in lacking if span.start_us <= one.start_us and one.span.end_us <= span.end_us]


def _write_missing(bench: Workbench, task: Task, missing: Sequence[Segment]) -> None:
    name = str(task.claim.captioner)
    captioner = bench.captioners.named(name)
    if captioner.recipe != task.claim.recipe:
        raise ComponentError(
            f"the captioner {name} here writes {captioner.recipe!r}, and {task.claim.recipe!r} is wanted; "
            "use the version that was asked for, or: shotlist recaption"
        )
    if foretold := bench.captioners.foretell(name):
        task.orders.notice(f"captions: {foretold}")
    assert task.claim.video is not None
    material = find_material(bench.database, task.claim.video)
    segments_left, done = iter(missing), 0
    with opened_spool(bench, task.claim.video) as spool:
        clips = stages.clips(material.source, segments=missing, wants=captioner.wants, spool=spool)
        with (
            closing(ahead(clips, captioner.window)) as waiting,
            closing(in_bursts(captioner.captions(waiting, wanted=lambda: task.is_wanted), _AT_ONCE)) as bursts,
            suppress(NotWanted),
        ):
            for drafts in bursts:
                written = list(zip(islice(segments_left, len(drafts)), drafts, strict=True))
                material.refuse_changed()
                task.commit(partial(_put, recipe=captioner.recipe, written=written))
                done += len(written)
                task.tell(done / len(missing))
    task.tell(done / len(missing))  # raises where it is not wanted any more
    if done < len(missing):
        raise RuntimeError(f"the captioner {name} wrote of {done} of {len(missing)} segments")


def _put(tx: Transaction, *, recipe: Recipe, written: Sequence[tuple[Segment, CaptionDraft]]) -> None:
    captions = [
        Caption(segment.id, draft.text, recipe, problem=draft.problem, cost=draft.cost) for segment, draft in written
    ]
    facets: dict[SegmentId, tuple[Facet, ...]] = {segment.id: draft.facets for segment, draft in written}
    segments.put_captions(tx, captions, facets)
