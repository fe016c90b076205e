"""The whole decode of a file: its shots, segments, true length and rate."""

import base64
import os
from dataclasses import replace
from pathlib import Path

from indexer import media
from indexer.domain import MediaInfo, Reading, Recipe, VideoId
from indexer.ingest import identity, stages
from indexer.ingest.identity import Entered, Known, New
from indexer.ingest.pass_messages import Scanned
from indexer.ingest.planning import Origin, plan
from indexer.ingest.scanning import scan
from indexer.ingest.sources import find_material, refuse_changed, require_share
from indexer.ingest.spool import KeptFile, SpoolWriter
from indexer.ingest.spooling import drop_used_spools, order_for
from indexer.ingest.stages import KEYFRAME_SIDE, Source
from indexer.ingest.steps.looking import state_fields, title_of
from indexer.ingest.task import Done, Task
from indexer.ingest.workbench import Workbench
from indexer.media import FoundFile
from indexer.segmentation import make_detector, recipe_of
from indexer.store import Transaction, awaited_files, jobs, segments, spools, videos
from indexer.store.stand_ins import drop_stand_in

_COMPARED = 4  # pictures by which a re-tagged file is known again


def decode(bench: Workbench, task: Task) -> None:
    """Raises `MediaError`, `ShareAway`."""
    if task.claim.video is None:
        _decode_unknown(bench, task)
    else:
        _decode_known(bench, task, task.claim.video)


def _decode_known(bench: Workbench, task: Task, video: VideoId) -> None:
    material = find_material(bench.database, video)
    info = replace(media.probe(material.file.path), stream_index=material.stream_index)
    with SpoolWriter(bench.folder.spool, most_bytes=bench.spool_bytes) as spool:
        scanned = _scan(bench, task, material.file.path, info, spool)
        material.refuse_changed()
        kept = spool.keep()
        recipe = recipe_of(make_detector(bench.detector))  # here: a network may have to be loaded for it

        def write(tx: Transaction) -> Done:
            told = _record(tx, bench, video, scanned=scanned, recipe=recipe, spool=kept)
            jobs.put(tx, plan(tx, video, Origin.of(tx, task.claim)))
            return Done(video, scanned.decoded.end_us, {"warnings": (*scanned.warnings, *spool.troubles, *told)})

        task.finish(write)
    drop_used_spools(bench)


def _decode_unknown(bench: Workbench, task: Task) -> None:
    """Of a file that lies where another content lay: the same footage written anew, or other footage."""
    path = Path(os.fsdecode(base64.b64decode(str(task.claim.payload["path_bytes"]))))
    require_share(bench.database, path)
    file = identity.resolved(media.look_again(FoundFile(path, 0, 0)))
    known = identity.identify(bench.database, file)
    info = media.probe(file.path)
    if isinstance(known, Known):
        info = replace(info, stream_index=known.stream_index)
    with SpoolWriter(bench.folder.spool, most_bytes=bench.spool_bytes) as spool:
        scanned = _scan(bench, task, file.path, info, spool)
        refuse_changed(file)
        still = _still(bench, file, info, scanned) if isinstance(known, New) else known.video
        refuse_changed(file)
        kept = spool.keep()
        recipe = recipe_of(make_detector(bench.detector))  # here: a network may have to be loaded for it

        def write(tx: Transaction) -> Done:
            entered = _entered(tx, file, known, info, still)
            told = _record(tx, bench, entered.video, scanned=scanned, recipe=recipe, spool=kept)
            jobs.put(tx, plan(tx, entered.video, Origin.of(tx, task.claim)))
            warnings = (*scanned.warnings, *spool.troubles, *entered.warnings, *told)
            return Done(entered.video, scanned.decoded.end_us, {"warnings": warnings})

        task.finish(write)
    drop_used_spools(bench)


def _scan(bench: Workbench, task: Task, path: Path, info: MediaInfo, spool: SpoolWriter) -> Scanned:
    reading: Reading = "fast"
    for step in scan(path, info, detector=bench.detector, order=order_for(bench, task)):
        if isinstance(step, Scanned):
            return step
        if step.reading != reading:
            reading = step.reading
            spool.begin_again()
        spool.add(step.spooled)
        task.tell(step.t_us / max(info.claimed_duration_us or step.t_us, step.t_us, 1))
    raise AssertionError("a scan that ends well has found something")


def _record(
    tx: Transaction, bench: Workbench, video: VideoId, *, scanned: Scanned, recipe: Recipe, spool: KeptFile | None
) -> tuple[str, ...]:
    """True measures and segments; a video that has segments keeps them. Returns what to tell of its texts."""
    videos.set_decoded(tx, video, scanned.decoded)
    if spool is not None:
        spools.put(tx, video, path=bench.folder.relative(spool.path), size=spool.bytes)
    before = segments.active(tx, video)
    if before is not None and before.origin != "imported":
        return ()
    cut = scanned.plan
    segments.put_segmentation(tx, video, recipe=recipe, origin="detected", spans=cut.spans, cuts=cut.cuts)
    segments.put_scenes(tx, video, cut.scenes)
    segments.plan_keyframes(tx, video, cut.keyframe_times)
    drop_stand_in(tx, video)
    awaited_files.drop_listing(tx, video)
    beyond = awaited_files.texts_beyond(tx, video)
    if beyond == 0:
        return ()
    return (f"imported texts that end beyond its end, at {cut.spans[-1].end_us / 1e6:.3f} s: {beyond}; they stay",)


def _entered(tx: Transaction, file: FoundFile, known: Known | New, info: MediaInfo, still: VideoId | None) -> Entered:
    if isinstance(known, Known):
        return Entered(known.video, created=False, warnings=known.warnings)
    entered = identity.enter(tx, file, known, info=info, title=title_of(file, info), still=still)
    state_fields(tx, entered, file, info)
    return entered


def _still(bench: Workbench, file: FoundFile, info: MediaInfo, scanned: Scanned) -> VideoId | None:
    """The video that was known at the file's place, if its stored pictures are those of the file too."""
    video = identity.counterpart(bench.database, file, scanned.decoded)
    if video is None:
        return None
    with bench.database.read() as tx:
        stored = [picture for detail in segments.details(tx, video) for picture in detail.keyframes]
    there = [one for one in stored if (bench.folder.root / one.path).exists()]
    some = sorted(there[:: max(1, len(there) // _COMPARED)], key=lambda one: one.t_us)  # a segment's best is its first
    source = Source(file.path, info.stream_index, scanned.decoded.reading)
    found = stages.pictures(source, [one.t_us for one in some], longest_side=KEYFRAME_SIDE)
    same = all(
        media.is_same_picture(bench.folder.root / one.path, picture.pixels)
        for one, picture in zip(some, found, strict=True)
    )
    return video if same else None
