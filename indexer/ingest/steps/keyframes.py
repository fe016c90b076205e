"""The pictures that stand for segments."""

from collections.abc import Sequence
from functools import partial

from indexer import media
from indexer.domain import Frame, Keyframe, Recipe, SegmentId, VideoId
from indexer.ingest import stages
from indexer.ingest.sources import find_material
from indexer.ingest.task import Done, Task
from indexer.ingest.workbench import Workbench
from indexer.library_folder import write_file
from indexer.store import Transaction, segments

RECIPE = Recipe("representative/1 side=640")
LONGEST_SIDE = 640
_AT_ONCE = 50  # pictures a transaction


def make_keyframes(bench: Workbench, task: Task) -> None:
    """Raises `MediaError`, `ShareAway`."""
    video = task.claim.video
    if video is None:
        task.finish(lambda _: Done())
        return
    with bench.database.read() as tx:
        missing = segments.without_keyframe(tx, video)
    if missing:
        material = find_material(bench.database, video)
        pictures = stages.pictures(material.source, [one.keyframe_us for one in missing], longest_side=LONGEST_SIDE)
        done = 0
        for batch in stages.batched(zip(missing, pictures, strict=True), _AT_ONCE):
            made = []
            for segment, picture in batch:
                made.append(_keep(bench, task, video, segment.id, picture))
                done += 1
                task.tell(done / len(missing))
            material.refuse_changed()
            task.commit(partial(_record, made=made))
    task.finish(lambda _: Done())


def _keep(bench: Workbench, task: Task, video: VideoId, segment: SegmentId, picture: Frame) -> Keyframe:
    target = bench.folder.keyframe(video, segment)
    jpeg = media.encode_jpeg(picture.pixels)
    task.orders.patiently(lambda: write_file(target, jpeg))
    return Keyframe(segment, picture.t_us, RECIPE, bench.folder.relative(target))


def _record(tx: Transaction, *, made: Sequence[Keyframe]) -> None:
    segments.put_keyframes(tx, made)
