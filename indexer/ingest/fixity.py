"""Fixity: the SHA-256 of whole files, recorded once and compared again, so that damage is found while a copy exists."""

import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from indexer import media
from indexer.domain import VideoId
from indexer.errors import MediaError, UsageError
from indexer.ingest.presence import presence
from indexer.store import Database, Transaction, fixity, jobs, roots, settings
from indexer.store.fixity import FixityCounts, FixityFile
from indexer.store.jobs import NewUnit

RECORDING = "fixity"  # the setting; any value
WEIGHT = 0  # below every other stage: files are hashed when nothing else is left to do

Finding = Literal["intact", "changed", "unreadable", "missing", "away"]
"""Of a file that has a hash. `away`: its disk or share is not there now, so nothing can be said."""


@dataclass(frozen=True, slots=True)
class FixityFinding:
    file: FixityFile
    finding: Finding
    message: str = ""  # for people


@dataclass(frozen=True, slots=True)
class FixityStatus:
    """What is known without reading any file."""

    counts: FixityCounts
    recording: bool  # files that are added from now on get a hash
    bad: tuple[FixityFinding, ...]  # as last compared


@dataclass(frozen=True, slots=True)
class CheckMoment:
    """How far a check is: while a file is read, and (with its `finding`) when it was."""

    file: FixityFile
    files_done: int
    files_total: int
    bytes_done: int
    bytes_total: int
    finding: FixityFinding | None = None


def fixity_units(tx: Transaction, video: VideoId) -> list[NewUnit]:
    """Units for the files of `video` that lack a hash; none where the library records none."""
    return _units(fixity.unhashed(tx, video)) if is_recording(tx) else []


def is_recording(tx: Transaction) -> bool:
    return settings.get(tx, RECORDING) is not None


def record_fixity(database: Database) -> int:
    """Let every file have a hash, those that are added from now on too. Returns how many are to be read for that."""
    with database.write() as tx:
        settings.put(tx, RECORDING, "yes")
        units = _units(fixity.unhashed(tx))
        jobs.put(tx, units)
    return len(units)


def stop_recording(database: Database) -> None:
    """Hash no more files. The hashes that there are stay, and can be compared."""
    with database.write() as tx:
        settings.drop(tx, RECORDING)
        fixity.withdraw(tx)


def fixity_status(database: Database) -> FixityStatus:
    with database.read() as tx:
        bad = [FixityFinding(one, one.compared or "changed") for one in fixity.changed_or_unreadable(tx)]
        return FixityStatus(fixity.counts(tx), is_recording(tx), tuple(bad))


def files_to_check(
    database: Database, *, videos: Collection[VideoId] = (), folder: str | None = None, since: str | None = None
) -> list[FixityFile]:
    """Files that have a hash: of these videos, in the registered folder of this name, not read since this moment (ISO
    8601, UTC). Raises `UsageError` where there is no such folder, or there are none at all."""
    with database.read() as tx:
        root = None if folder is None else roots.named(tx, folder)
        found = fixity.hashed(tx, videos=videos, root=root, since=since)
    if not found and since is None:
        raise UsageError("no hash is recorded of these files; record them with: shotlist fixity record")
    return found


def check_files(
    database: Database, files: Collection[FixityFile], *, tell: Callable[[CheckMoment], None]
) -> Iterator[FixityFinding]:
    """Read files again and compare them with their hashes, noting each as soon as it is done."""
    moment_of = _moments(files)
    for number, file in enumerate(files):
        before = moment_of[number]

        def told(done: int, before: CheckMoment = before) -> None:
            tell(replace(before, bytes_done=before.bytes_done + done))

        finding = compare_file(file, tell=told)
        if finding.finding in ("intact", "changed", "unreadable"):
            with database.write() as tx:
                fixity.note_comparison(tx, file, finding.finding)
        tell(replace(before, files_done=number + 1, bytes_done=before.bytes_done + file.size, finding=finding))
        yield finding


def compare_file(file: FixityFile, *, tell: Callable[[int], None] = lambda _: None) -> FixityFinding:
    """Read a file and compare it with its hash."""
    match presence(file.path, file.root):
        case "away":
            return FixityFinding(file, "away", "its disk or share is not there now")
        case "gone":
            return FixityFinding(file, "missing", "it is gone from where it lay")
        case _:
            pass
    try:
        now = media.hash_whole(file.path, tell=tell)
    except MediaError as error:
        return FixityFinding(file, "changed" if error.reason == "changed" else "unreadable", error.message)
    if now.sha256 == file.sha256:
        return FixityFinding(file, "intact")
    if (now.size, now.mtime_ns) == (file.size, file.mtime_ns):
        return FixityFinding(
            file, "changed", "other bytes under the same size and date: damage; restore it from a copy"
        )
    told = "it was written to since its hash was recorded; if on purpose, add it again, and it gets a new one"
    return FixityFinding(file, "changed", told)


def write_manifest(database: Database, target: Path, *, folder: str | None = None) -> int:
    """Write the recorded hashes as `sha256sum --check` reads them; with `folder`, relative to that registered folder,
    as in BagIt (RFC 8493). Returns how many.

    Raises `UsageError` where no hash is recorded.
    """
    files = files_to_check(database, folder=folder)
    lines = [_manifest_line(one, one.path if folder is None else one.path.relative_to(one.root)) for one in files]
    target.write_bytes(b"".join(sorted(lines)))
    return len(lines)


def _manifest_line(file: FixityFile, path: Path) -> bytes:
    """Names with a backslash or a line break are escaped, and a backslash before the hash says so (GNU coreutils)."""
    name = os.fsencode(path)
    escaped = name.replace(b"\\", b"\\\\").replace(b"\n", b"\\n").replace(b"\r", b"\\r")
    mark = b"\\" if escaped != name else b""
    return mark + (file.sha256 or "").encode() + b"  " + escaped + b"\n"


def _units(files: Collection[FixityFile]) -> list[NewUnit]:
    return [
        NewUnit(
            key=f"fixity {one.place}",
            stage="fixity",
            weight=WEIGHT,
            payload={"place": one.place},
            video=one.video,
            media_us=one.media_us,
            bytes=one.size,
            newness=one.mtime_ns // 1000,
        )
        for one in files
    ]


def _moments(files: Collection[FixityFile]) -> list[CheckMoment]:
    """Where the check is before each file."""
    total, done, moments = sum(file.size for file in files), 0, []
    for number, file in enumerate(files):
        moments.append(CheckMoment(file, number, len(files), done, total))
        done += file.size
    return moments
