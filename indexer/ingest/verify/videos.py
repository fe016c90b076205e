"""Videos with their segments, texts, vectors, pictures and files, some videos at a time."""

from collections import Counter
from collections.abc import Iterator, Sequence

from indexer import media
from indexer.domain import VideoId
from indexer.ingest.planning import looking_unit, plan
from indexer.ingest.presence import presence
from indexer.ingest.verify.findings import Checked, Finding, Told
from indexer.library_folder import LibraryFolder
from indexer.store import Database, Transaction, checks, cues, jobs, recipes, videos
from indexer.store.checks import CheckedKeyframe, CheckedVideo
from indexer.store.jobs import NewUnit
from indexer.store.roots import Root
from indexer.store.videos import KnownFile

_AT_ONCE = 10


def verify_videos(folder: LibraryFolder, database: Database, *, space: str) -> Iterator[Told]:
    """What is derived in the database agrees; what is recorded on the disk is there; complete videos lack nothing."""
    counts: Counter[str] = Counter()
    away: Counter[str] = Counter()
    last = 0
    while True:
        with database.read() as tx:
            some = checks.next_videos(tx, after=last, limit=_AT_ONCE)
            if not some:
                break
            found = [*_structure(tx, some), *_texts(tx, some, space), *_lacks(tx, some)]
            pictures = checks.keyframes(tx, some)
            files = [(one.id, root, file) for one in some for root, file in videos.files_of(tx, one.id)]
        last = some[-1].row
        yield from found
        yield from _pictures(folder, database, pictures)
        for video, root, file in files:
            yield from _file(database, video, root, file, away)
        counts.update(videos=len(some), pictures=len(pictures), files=len(files))
    yield Checked("videos", counts["videos"])
    yield Checked("pictures", counts["pictures"])
    yield Checked("files of footage", counts["files"], tuple(_of_away(root, count) for root, count in away.items()))


def lacking(tx: Transaction, video: VideoId) -> list[NewUnit]:
    """The work that brings what a video lacks. Captions that another captioner was asked to write in their place do not
    lack."""
    by_model = {one for one in checks.recipes_of(tx, video) if one != recipes.HUMAN and not recipes.is_measured(one)}
    units = plan(tx, video)
    return [unit for unit in units if unit.stage != "captioning" or not by_model or unit.recipe in by_model]


def _structure(tx: Transaction, some: Sequence[CheckedVideo]) -> Iterator[Finding]:
    for segment in checks.misnamed_segments(tx, some):
        message = f"the segment's id does not belong to {segment.start_us} to {segment.end_us} us of its video"
        yield Finding("segment_id", segment.id, message, segment.video, (segment.id,))
    for video, gap in checks.untiled(tx, some):
        yield Finding("segment_gap", video.id, f"{video.title}: {gap}", video.id)


def _texts(tx: Transaction, some: Sequence[CheckedVideo], space: str) -> Iterator[Finding]:
    for video in checks.wrong_names(tx, some):
        yield Finding("name", video.id, f"{video.title}: its names and fields are not searched as they are", video.id)
    title = {video.id: video.title for video in some}
    for video_id, segments in checks.wrong_texts(tx, some).items():
        message = f"{title[video_id]}: {len(segments)} segments are not searched by the text that is theirs"
        yield Finding("text", video_id, message, video_id, tuple(segments))
    id_of = {video.row: video.id for video in some}
    for row, lines in cues.misread(tx, list(id_of)).items():
        message = f"{title[id_of[row]]}: {len(lines)} lines of speech or text are searched by other words than theirs"
        yield Finding("cue", id_of[row], message, id_of[row], rows=tuple(lines))
    for video_id, doubled in checks.doubled_captions(tx, some).items():
        for segment, rows in doubled.items():
            message = f"{title[video_id]}: a segment has one caption {len(rows) + 1} times"
            yield Finding("caption_twice", segment, message, video_id, (segment,), tuple(rows))
    if jobs.is_stage_open(tx, "captioning"):
        return  # texts that are searched until better ones are there get their vectors when it is known which those are
    for video_id, segments in checks.without_vector(tx, space, some).items():
        message = f"{title[video_id]}: {len(segments)} texts have no vector in {space}"
        yield Finding("vector_missing", video_id, message, video_id, tuple(segments))


def _lacks(tx: Transaction, some: Sequence[CheckedVideo]) -> Iterator[Finding]:
    for video in some:
        if video.settled and (units := lacking(tx, video.id)):
            stages = ", ".join(sorted({unit.stage for unit in units}))
            yield Finding("incomplete", video.id, f"{video.title} is noted as complete and lacks: {stages}", video.id)


def _pictures(folder: LibraryFolder, database: Database, recorded: Sequence[CheckedKeyframe]) -> Iterator[Finding]:
    """The disk is looked at after the snapshot: what was taken away since is not missing."""
    harmed = [one for one in recorded if not media.is_whole_jpeg(folder.root / one.path)]
    if not harmed:
        return
    with database.read() as tx:
        still = checks.recorded_paths(tx, [one.path for one in harmed])
    for one in harmed:
        if one.path in still:
            there = (folder.root / one.path).is_file()
            message = "the picture cannot be decoded" if there else "the picture is missing"
            segments = () if one.segment is None else (one.segment,)
            yield Finding("keyframe_broken" if there else "keyframe_missing", one.path, message, one.video, segments)


def _file(database: Database, video: VideoId, root: Root, file: KnownFile, away: Counter[str]) -> Iterator[Finding]:
    if not file.online:
        return
    path = str(file.path)
    match presence(file.path, root.path):
        case "away":
            away[root.name] += 1
        case "gone":
            if _is_known_still(database, video, file):
                yield Finding("file_missing", path, "the file is not there any more", video)
        case _:
            message = _what_changed(file)
            if message is not None and _is_known_still(database, video, file):
                yield Finding("file_changed", path, message, video)


def _what_changed(file: KnownFile) -> str | None:
    try:
        now = file.path.stat()
    except OSError:
        return None  # it went since
    if now.st_size != file.size:
        return f"the file has {now.st_size} bytes, and had {file.size} when it was looked at"
    if now.st_mtime_ns != file.mtime_ns:
        return "the file was written to since it was looked at"
    return None


def _is_known_still(database: Database, video: VideoId, file: KnownFile) -> bool:
    """Whether the file is recorded as it was, and nobody is about to look at it."""
    looking = looking_unit(media.FoundFile(file.path, file.size, file.mtime_ns), urgency="in turn")
    with database.read() as tx:
        known = any(one == file for _, one in videos.files_of(tx, video))
        return known and not checks.is_open(tx, looking.key) and not checks.is_busy(tx, video)


def _of_away(root: str, count: int) -> str:
    return f"{count} of {root} are away with their share or disk"
