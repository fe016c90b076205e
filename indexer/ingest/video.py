"""One file from its first byte to its last vector."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer import media
from indexer.captioning import Captioner
from indexer.domain import Caption, Facet, FileReport, Keyframe, MediaInfo, Recipe, Segment, SegmentId, VideoId
from indexer.embedding import Embedder
from indexer.errors import MediaFailed
from indexer.ingest import stages
from indexer.ingest.embed import embed_new_captions
from indexer.ingest.identity import Known, New, record_place
from indexer.ingest.progress import ProgressTeller
from indexer.ingest.stages import Scanned
from indexer.library_folder import LibraryFolder
from indexer.media import FoundFile
from indexer.segmentation import Plan, make_detector
from indexer.store import Database, segments, videos

KEYFRAME_RECIPE = Recipe("representative/1 side=640")
KEYFRAME_SIDE = 640


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
        video = known.video if isinstance(known, Known) else None
        warnings = info.warnings
        if video is None or not self._is_segmented(video):
            scanned = self._scan(file.path, info)
            warnings += scanned.warnings
            video = self._record(file, known, info, scanned.plan)
        self._make_keyframes(file.path, info, video)
        self._caption(file.path, info, video)
        self.teller.stage("embedding", 0.0)
        embed_new_captions(self.database, self.embedder(), video=video)
        return self._finish(file, video, warnings)

    def _is_segmented(self, video: VideoId) -> bool:
        with self.database.read() as tx:
            return segments.active(tx, video) is not None

    def _scan(self, path: Path, info: MediaInfo) -> Scanned:
        for step in stages.scan(path, stream_index=info.stream_index, detector=self.detector):
            if isinstance(step, Scanned):
                return step
            self.teller.stage("decoding", step / max(info.claimed_duration_us or step, step, 1))
        raise MediaFailed("crashed", "decoding ended without a result")

    def _record(self, file: FoundFile, known: Known | New, info: MediaInfo, plan: Plan) -> VideoId:
        """Video, place and segments in one transaction: a reader sees all of them or none."""
        with self.database.write() as tx:
            if isinstance(known, Known):
                video = known.video
            else:
                fields = {name: value for name, value in _fields(file, info).items() if value}
                title = info.title or _title_of(file.path)
                video = videos.add(tx, info=info, fingerprint=known.fingerprint, title=title, fields=fields)
                record_place(tx, video, file, stream_index=info.stream_index)
            recipe = make_detector(self.detector).recipe
            segments.put_segmentation(tx, video, recipe=recipe, origin="detected", spans=plan.spans, cuts=plan.cuts)
            segments.plan_keyframes(tx, video, plan.keyframe_times)
            videos.set_duration(tx, video, plan.end_us)
        return video

    def _make_keyframes(self, path: Path, info: MediaInfo, video: VideoId) -> None:
        with self.database.read() as tx:
            missing = segments.without_keyframe(tx, video)
        if not missing:
            return
        times = [segment.keyframe_us for segment in missing]
        pictures = media.sampled_pictures(path, times, longest_side=KEYFRAME_SIDE, stream_index=info.stream_index)
        made = []
        for number, (segment, picture) in enumerate(zip(missing, pictures, strict=True), start=1):
            target = self.folder.keyframe(video, segment.id)
            _write(target, media.encode_jpeg(picture.pixels))
            made.append(Keyframe(segment.id, picture.t_us, KEYFRAME_RECIPE, self.folder.relative(target)))
            self.teller.stage("keyframes", number / len(missing))
        with self.database.write() as tx:
            segments.put_keyframes(tx, made)

    def _caption(self, path: Path, info: MediaInfo, video: VideoId) -> None:
        with self.database.read() as tx:
            missing = segments.uncaptioned(tx, video, self.captioner.recipe)
        if not missing:
            return
        done = 0
        clips = stages.clips(path, segments=missing, wants=self.captioner.wants, stream_index=info.stream_index)
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


def _write(target: Path, content: bytes) -> None:
    """Under its name there is the whole file or none."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_suffix(".tmp")
    temporary.write_bytes(content)
    temporary.replace(target)


def _title_of(path: Path) -> str:
    """A title for a file that has none: its name, as text."""
    return path.stem.encode("utf-8", "replace").decode("utf-8")


def _fields(file: FoundFile, info: MediaInfo) -> dict[str, str | None]:
    """What the file says of itself, searchable by name."""
    return {
        "recorded": info.recorded_at,
        "timecode": info.start_timecode.text if info.start_timecode else None,
        "folder": file.path.parent.name.encode("utf-8", "replace").decode("utf-8"),
    }
