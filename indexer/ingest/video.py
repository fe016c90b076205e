"""One file from its first byte to its last vector."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from indexer import media
from indexer.captioning import Captioner
from indexer.domain import (
    Caption,
    Facet,
    FileReport,
    Keyframe,
    MediaInfo,
    Recipe,
    Segment,
    SegmentId,
    VideoId,
    path_text,
)
from indexer.embedding import Embedder
from indexer.errors import MediaFailed
from indexer.ingest import stages
from indexer.ingest.embed import embed_new_captions
from indexer.ingest.identity import Entered, Known, New, counterpart, enter
from indexer.ingest.progress import ProgressTeller
from indexer.ingest.stages import Scanned, Source
from indexer.library_folder import LibraryFolder
from indexer.media import FoundFile
from indexer.segmentation import Plan, make_detector
from indexer.store import Database, Transaction, segments, videos

KEYFRAME_RECIPE = Recipe("representative/1 side=640")
KEYFRAME_SIDE = 640
_COMPARED = 4  # pictures by which a re-tagged file is known again


@dataclass(frozen=True, slots=True)
class VideoIngest:
    """Takes one file through every stage that is still missing, committing as it goes."""

    folder: LibraryFolder
    database: Database
    detector: str
    captioner: Captioner
    embedder: Callable[[], Embedder]
    teller: ProgressTeller

    def run(self, file: FoundFile, known: Known | New) -> FileReport:
        """Raises `MediaError` when the file cannot become a video, or not wholly."""
        info = media.probe(file.path)
        warnings = info.warnings
        if isinstance(known, Known):  # the stream that is the video was chosen when it was first seen
            info = replace(info, stream_index=known.stream_index)
            warnings += known.warnings
        if isinstance(known, New) or not self._is_segmented(known.video):
            scanned = self._scan(file.path, info)
            _refuse_changed(file)
            still = self._still(file, info, scanned) if isinstance(known, New) else known.video
            entered = self._record(file, known, info, scanned=scanned, still=still)
            warnings += scanned.warnings + entered.warnings
        else:
            entered = Entered(known.video, created=False)
        video = entered.video
        source = self._source(file.path, info, video)
        self._make_keyframes(source, video)
        self._caption(source, video)
        self._refuse_mixture(file, entered)
        self.teller.stage("embedding", 0.0)
        embed_new_captions(self.database, self.embedder(), video=video)
        return self._finish(file, video, warnings)

    def _still(self, file: FoundFile, info: MediaInfo, scanned: Scanned) -> VideoId | None:
        """The video that was known at the file's place, if its stored pictures are those of the file too."""
        video = counterpart(self.database, file, scanned.decoded)
        if video is None:
            return None
        with self.database.read() as tx:
            stored = [picture for detail in segments.details(tx, video) for picture in detail.keyframes]
        there = [one for one in stored if (self.folder.root / one.path).exists()]
        some = there[:: max(1, len(there) // _COMPARED)]
        source = Source(file.path, info.stream_index, scanned.decoded.reading)
        found = stages.pictures(source, [one.t_us for one in some], longest_side=KEYFRAME_SIDE)
        same = all(
            media.is_same_picture(self.folder.root / one.path, picture.pixels)
            for one, picture in zip(some, found, strict=True)
        )
        return video if same else None

    def _refuse_mixture(self, file: FoundFile, entered: Entered) -> None:
        """Pictures of a file that changed meanwhile may be of other footage: a video that is new with it is forgotten,
        to be made again. Raises `MediaFailed`."""
        try:
            _refuse_changed(file)
        except MediaFailed as error:
            if entered.created and error.reason == "changed":
                with self.database.write() as tx:
                    videos.remove(tx, entered.video)
                shutil.rmtree(self.folder.keyframes_of(entered.video), ignore_errors=True)
            raise

    def _is_segmented(self, video: VideoId) -> bool:
        with self.database.read() as tx:
            return segments.active(tx, video) is not None

    def _scan(self, path: Path, info: MediaInfo) -> Scanned:
        for step in stages.scan(path, info, detector=self.detector):
            if isinstance(step, Scanned):
                return step
            self.teller.stage("decoding", step / max(info.claimed_duration_us or step, step, 1))
        raise MediaFailed("crashed", "decoding ended without a result")

    def _record(
        self, file: FoundFile, known: Known | New, info: MediaInfo, *, scanned: Scanned, still: VideoId | None
    ) -> Entered:
        """Video, place and segments in one transaction: a reader sees all of them or none."""
        with self.database.write() as tx:
            if isinstance(known, Known):
                entered = Entered(known.video, created=False)
            else:
                title = info.title or _title_of(file.path)
                entered = enter(tx, file, known, info=info, title=title, still=still)
                stated = {name: value for name, value in _fields(file, info).items() if value}
                videos.set_fields(tx, entered.video, stated)
            videos.set_decoded(tx, entered.video, scanned.decoded)
            if segments.active(tx, entered.video) is None:
                self._put_segments(tx, entered.video, scanned.plan)
        return entered

    def _put_segments(self, tx: Transaction, video: VideoId, plan: Plan) -> None:
        recipe = make_detector(self.detector).recipe
        segments.put_segmentation(tx, video, recipe=recipe, origin="detected", spans=plan.spans, cuts=plan.cuts)
        segments.plan_keyframes(tx, video, plan.keyframe_times)

    def _source(self, path: Path, info: MediaInfo, video: VideoId) -> Source:
        with self.database.read() as tx:
            decoded = videos.decoded(tx, video)
        return Source(path, info.stream_index, decoded.reading if decoded else "fast")

    def _make_keyframes(self, source: Source, video: VideoId) -> None:
        with self.database.read() as tx:
            missing = segments.without_keyframe(tx, video)
        if not missing:
            return
        times = [segment.keyframe_us for segment in missing]
        pictures = stages.pictures(source, times, longest_side=KEYFRAME_SIDE)
        made = []
        for number, (segment, picture) in enumerate(zip(missing, pictures, strict=True), start=1):
            target = self.folder.keyframe(video, segment.id)
            _write(target, media.encode_jpeg(picture.pixels))
            made.append(Keyframe(segment.id, picture.t_us, KEYFRAME_RECIPE, self.folder.relative(target)))
            self.teller.stage("keyframes", number / len(missing))
        with self.database.write() as tx:
            segments.put_keyframes(tx, made)

    def _caption(self, source: Source, video: VideoId) -> None:
        with self.database.read() as tx:
            missing = segments.uncaptioned(tx, video, self.captioner.recipe)
        if not missing:
            return
        done = 0
        clips = stages.clips(source, segments=missing, wants=self.captioner.wants)
        for batch in stages.captioned(self.captioner, clips):
            self._commit_captions([(segment, draft.text, draft.facets) for segment, draft in batch])
            done += len(batch)
            self.teller.stage("captioning", done / len(missing))

    def _commit_captions(self, drafts: Sequence[tuple[Segment, str, tuple[Facet, ...]]]) -> None:
        captions = [Caption(segment.id, text, self.captioner.recipe) for segment, text, _ in drafts]
        facets: dict[SegmentId, tuple[Facet, ...]] = {segment.id: facets for segment, _, facets in drafts}
        with self.database.write() as tx:
            segments.put_captions(tx, captions, facets)

    def _finish(self, file: FoundFile, video: VideoId, warnings: tuple[str, ...]) -> FileReport:
        with self.database.write() as tx:
            videos.finish(tx, video)
            stored = videos.load(tx, [video])[0]
            segmentation = segments.active(tx, video)
        return FileReport(
            path=file.path,
            state="indexed",
            warnings=warnings,
            video=video,
            duration_us=stored.duration_us,
            segments=len(segmentation.segments) if segmentation else 0,
        )


def _refuse_changed(file: FoundFile) -> None:
    """A file is opened more than once: what is written of it must be of one content. Raises `MediaFailed`."""
    try:
        found = file.path.stat()
    except OSError:
        raise MediaFailed("vanished", "the file was there and is gone; add it again when it is back") from None
    if (found.st_size, found.st_mtime_ns) != (file.size, file.mtime_ns):
        raise MediaFailed("changed", "the file changed while it was read; add it again when nothing writes to it")


def _write(target: Path, content: bytes) -> None:
    """Under its name there is the whole file or none."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_suffix(".tmp")
    temporary.write_bytes(content)
    temporary.replace(target)


def _title_of(path: Path) -> str:
    """A title for a file that has none: its name, as text."""
    return path_text(path.stem)


def _fields(file: FoundFile, info: MediaInfo) -> dict[str, str | None]:
    """What the file says of itself, searchable by name."""
    return {
        "recorded": info.recorded_at,
        "timecode": info.start_timecode.text if info.start_timecode else None,
        "reel": info.reel,
        "card": info.card,
        "folder": path_text(file.path.parent.name),
    }
