"""The whole decode of a file: its shots, segments, true length and rate."""

import base64
import os
from dataclasses import replace
from pathlib import Path

from indexer import media
from indexer.domain import MediaInfo, VideoId
from indexer.errors import MediaFailed
from indexer.ingest import identity, stages
from indexer.ingest.identity import Entered, Known, New
from indexer.ingest.planning import Origin, plan
from indexer.ingest.sources import find_material, refuse_changed, require_share
from indexer.ingest.stages import Scanned, Source
from indexer.ingest.steps.keyframes import LONGEST_SIDE
from indexer.ingest.steps.looking import stated_fields, title_of
from indexer.ingest.task import Done, Task
from indexer.ingest.workbench import Workbench
from indexer.media import FoundFile
from indexer.segmentation import make_detector
from indexer.store import Transaction, jobs, segments, videos
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
    scanned = _scan(bench, task, material.file.path, info)
    material.refuse_changed()

    def write(tx: Transaction) -> Done:
        _record(tx, bench, video, scanned)
        jobs.put(tx, plan(tx, video, Origin.of(tx, task.claim)))
        return Done(video, scanned.decoded.end_us, {"warnings": scanned.warnings})

    task.finish(write)


def _decode_unknown(bench: Workbench, task: Task) -> None:
    """Of a file that lies where another content lay: the same footage written anew, or other footage."""
    path = Path(os.fsdecode(base64.b64decode(str(task.claim.payload["path_bytes"]))))
    require_share(bench.database, path)
    file = identity.resolved(media.look_again(FoundFile(path, 0, 0)))
    known = identity.identify(bench.database, file)
    info = media.probe(file.path)
    if isinstance(known, Known):
        info = replace(info, stream_index=known.stream_index)
    scanned = _scan(bench, task, file.path, info)
    refuse_changed(file)
    still = _still(bench, file, info, scanned) if isinstance(known, New) else known.video
    refuse_changed(file)

    def write(tx: Transaction) -> Done:
        entered = _entered(tx, file, known, info, still)
        _record(tx, bench, entered.video, scanned)
        jobs.put(tx, plan(tx, entered.video, Origin.of(tx, task.claim)))
        return Done(entered.video, scanned.decoded.end_us, {"warnings": (*scanned.warnings, *entered.warnings)})

    task.finish(write)


def _scan(bench: Workbench, task: Task, path: Path, info: MediaInfo) -> Scanned:
    for step in stages.scan(path, info, detector=bench.detector):
        if isinstance(step, Scanned):
            return step
        task.tell(step / max(info.claimed_duration_us or step, step, 1))
    raise MediaFailed("crashed", "decoding ended without a result")


def _record(tx: Transaction, bench: Workbench, video: VideoId, scanned: Scanned) -> None:
    """True measures and segments; a video that has segments keeps them."""
    videos.set_decoded(tx, video, scanned.decoded)
    before = segments.active(tx, video)
    if before is not None and before.origin != "imported":
        return
    recipe, cut = make_detector(bench.detector).recipe, scanned.plan
    segments.put_segmentation(tx, video, recipe=recipe, origin="detected", spans=cut.spans, cuts=cut.cuts)
    segments.plan_keyframes(tx, video, [times[0] for times in cut.keyframe_times])
    drop_stand_in(tx, video)


def _entered(tx: Transaction, file: FoundFile, known: Known | New, info: MediaInfo, still: VideoId | None) -> Entered:
    if isinstance(known, Known):
        return Entered(known.video, created=False, warnings=known.warnings)
    entered = identity.enter(tx, file, known, info=info, title=title_of(file, info), still=still)
    videos.set_fields(tx, entered.video, stated_fields(file, info))
    return entered


def _still(bench: Workbench, file: FoundFile, info: MediaInfo, scanned: Scanned) -> VideoId | None:
    """The video that was known at the file's place, if its stored pictures are those of the file too."""
    video = identity.counterpart(bench.database, file, scanned.decoded)
    if video is None:
        return None
    with bench.database.read() as tx:
        stored = [picture for detail in segments.details(tx, video) for picture in detail.keyframes]
    there = [one for one in stored if (bench.folder.root / one.path).exists()]
    some = there[:: max(1, len(there) // _COMPARED)]
    source = Source(file.path, info.stream_index, scanned.decoded.reading)
    found = stages.pictures(source, [one.t_us for one in some], longest_side=LONGEST_SIDE)
    same = all(
        media.is_same_picture(bench.folder.root / one.path, picture.pixels)
        for one, picture in zip(some, found, strict=True)
    )
    return video if same else None
