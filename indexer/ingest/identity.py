"""Which video is this file? Recognised by content: a moved file is the same video, a copy is a second place of it.

Bytes that nobody knows at a place that is known are decided after the decode: as many frames, as long and with the same
pictures as the video that was there, and it is that video, re-tagged; else it is a new one, and the other is kept
without this file. A new one may be what imported texts were waiting for (`awaited`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from indexer import media
from indexer.domain import Decoded, Fingerprint, MediaInfo, VideoId
from indexer.ingest.awaited import Awaited, find_awaited
from indexer.ingest.presence import presence
from indexer.ingest.recognition import Presence, Sighting, is_same_footage, settle
from indexer.media import FoundFile
from indexer.store import Database, Transaction, awaited_files, roots, videos
from indexer.store.roots import Root


@dataclass(frozen=True, slots=True)
class Known:
    """A file whose video is in the library already."""

    video: VideoId
    stream_index: int  # which stream of the file is the video
    complete: bool
    reason: str  # unchanged | moved | copy
    message: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class New:
    """A file whose content the library has not seen."""

    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of a file of unknown content."""

    video: VideoId
    created: bool  # now; else it was in the library before
    warnings: tuple[str, ...] = ()
    had_texts: bool = False  # it was known by imported texts, and has a file now


def resolved(file: FoundFile) -> FoundFile:
    """The file under the path that places are told by: no link in it but perhaps its last part."""
    return FoundFile(file.path.parent.resolve() / file.path.name, file.size, file.mtime_ns)


def identify(database: Database, file: FoundFile) -> Known | New:
    """Look the file up by place, then by content; a new place of known content is recorded at once. `file` is
    `resolved`. The disk is looked at while no transaction is open."""
    with database.write() as tx:
        root, relative_path = place(tx, file.path)
        there = videos.location_at(tx, root=root, relative_path=relative_path)
        if there and (there.size, there.mtime_ns) == (file.size, file.mtime_ns):
            videos.set_online(tx, root, relative_path, online="yes")
            complete = videos.load(tx, [there.video])[0].complete
            return Known(there.video, there.stream_index, complete, "unchanged", "already indexed")
    fingerprint = media.fingerprint(file.path)
    with database.read() as tx:
        video = videos.find(tx, fingerprint)
        others = [] if video is None else [one for one in videos.files_of(tx, video) if one[1].path != file.path]
    sightings = {one.path: presence(one.path, root.path) for root, one in others}
    with database.write() as tx:
        video = videos.find(tx, fingerprint)
        stream_index = videos.stream_of(tx, fingerprint)
        if video is None or stream_index is None:
            return New(fingerprint)
        return _settle(tx, video, file, stream_index=stream_index, sightings=sightings)


def held_another(database: Database, file: FoundFile) -> bool:
    """Whether the place of a `resolved` file of unknown content held a video that was decoded."""
    with database.read() as tx:
        root = roots.around(tx, file.path.parent)
        if root is None:
            return False
        there = videos.location_at(tx, root=root, relative_path=file.path.relative_to(root.path))
        return there is not None and videos.decoded(tx, there.video) is not None


def counterpart(database: Database, file: FoundFile, decoded: Decoded) -> VideoId | None:
    """The video that was known where the file lies, if by frames and length the file can be that footage still."""
    with database.write() as tx:
        root, relative_path = place(tx, file.path)
        there = videos.location_at(tx, root=root, relative_path=relative_path)
        if there is None or not is_same_footage(videos.decoded(tx, there.video), decoded):
            return None
        return there.video


def enter(tx: Transaction, file: FoundFile, new: New, *, info: MediaInfo, title: str, still: VideoId | None) -> Entered:
    """Record a file of unknown content: as the video that it is `still`, else as the one whose texts waited for it,
    else as a new one, with this `title`."""
    if still is not None:
        return _attach(tx, still, file, new, info)
    known = videos.find(tx, new.fingerprint)
    awaited = Awaited() if known else find_awaited(tx, file, place(tx, file.path)[0], info)
    if awaited.video is not None:
        entered = _give(tx, file, new, awaited.video, info=info, title=title)
        return replace(entered, warnings=(*awaited.told, *entered.warnings)) if entered.had_texts else entered
    video = videos.add(tx, info=info, fingerprint=new.fingerprint, title=title, fields={})
    created = known is None and not videos.files_of(tx, video)  # else another writer was faster
    warnings = record_place(tx, video, file, stream_index=info.stream_index)
    return Entered(video, created, (*awaited.told, *warnings))


def place(tx: Transaction, path: Path) -> tuple[Root, Path]:
    """The registered root a resolved path lies in (its own folder becomes one where none does), and the path inside."""
    root = roots.around(tx, path.parent) or roots.add(tx, path.parent)
    return root, path.relative_to(root.path)


def record_place(tx: Transaction, video: VideoId, file: FoundFile, *, stream_index: int) -> tuple[str, ...]:
    """Note that the file is `video`. Returns what to tell of a video that it was until now."""
    root, relative_path = place(tx, file.path)
    before = videos.clear_place(tx, root=root, relative_path=relative_path)
    videos.put_location(
        tx,
        video,
        root=root,
        relative_path=relative_path,
        stream_index=stream_index,
        size=file.size,
        mtime_ns=file.mtime_ns,
    )
    told = [_left_behind(tx, one) for one in before if one != video]
    return tuple(sentence for sentence in told if sentence is not None)


def _settle(
    tx: Transaction, video: VideoId, file: FoundFile, *, stream_index: int, sightings: Mapping[Path, Presence]
) -> Known:
    """Record `file` as a place of `video`; where its other places are gone, it has moved."""
    stored = videos.load(tx, [video])[0]
    others = [
        Sighting(location, sightings.get(location.path, "there"))
        for location in stored.locations
        if location.path != file.path
    ]
    was_here = len(others) < len(stored.locations)
    warnings = record_place(tx, video, file, stream_index=stream_index)
    if was_here:
        return Known(video, stream_index, stored.complete, "unchanged", "already indexed", warnings)
    settled = settle(others)
    for location in settled.gone:
        videos.drop_location(tx, video, location)
    return Known(video, stream_index, stored.complete, settled.reason, settled.message, warnings)


def _attach(tx: Transaction, video: VideoId, file: FoundFile, new: New, info: MediaInfo) -> Entered:
    """The same footage in other bytes: another fingerprint of the video; what the file states now replaces what it
    stated before."""
    owner = videos.add_fingerprint(tx, video, new.fingerprint, stream_index=info.stream_index)
    warnings = record_place(tx, owner, file, stream_index=info.stream_index)
    if owner != video:
        return Entered(owner, False, warnings)
    before = videos.load(tx, [video])[0].title
    videos.set_facts(tx, video, info, title=info.title)
    told = f"its bytes have changed and its footage has not: still the video {video}, with all that was written of it"
    if info.title is not None and info.title != before:
        told += f"; its title was {before!r}"
    return Entered(video, False, (told, *warnings))


def _give(tx: Transaction, file: FoundFile, new: New, video: VideoId, *, info: MediaInfo, title: str) -> Entered:
    """Let a video of which only texts are known have this file."""
    owner = videos.add_fingerprint(tx, video, new.fingerprint, stream_index=info.stream_index)
    warnings = record_place(tx, owner, file, stream_index=info.stream_index)
    if owner != video or not awaited_files.give_file(tx, video, info, title=title):  # another writer was faster
        return Entered(owner, False, warnings)
    return Entered(video, True, warnings, had_texts=True)


def _left_behind(tx: Transaction, video: VideoId) -> str | None:
    """What to tell of a video that lay here; one that was never decoded and has no other file is forgotten."""
    stored = videos.load(tx, [video])[0]
    if not stored.locations and is_blank(tx, video):
        videos.remove(tx, video)
        return None
    rest = "it has other files" if stored.locations else "shown offline until a file of it is added"
    return f"other footage lay here before: {stored.title!r} ({video}) is kept; {rest}"


def is_blank(tx: Transaction, video: VideoId) -> bool:
    """Whether nothing was made of a video yet, and nothing written about it: it is no more than a name."""
    return videos.decoded(tx, video) is None and videos.count_for_removal(tx, video).edits == 0
