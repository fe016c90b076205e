"""Looking after a library: does all of it agree, are the files what they were, is what is searched made anew."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from indexer.domain import VideoId
from indexer.embedding import Embedder
from indexer.ingest.fixity import (
    CheckMoment,
    FixityFinding,
    FixityStatus,
    check_files,
    files_to_check,
    fixity_status,
    record_fixity,
    stop_recording,
    write_manifest,
)
from indexer.ingest.reindex import PARTS, Part, reindex
from indexer.ingest.verify import Checked, Finding, Repair, verify
from indexer.library_folder import LibraryFolder
from indexer.store import Database
from indexer.store.fixity import FixityFile


@dataclass(frozen=True, slots=True)
class Care:
    """Checks, repairs, and hashes of whole files."""

    folder: LibraryFolder
    database: Database
    writable: Callable[[], Database]
    make_embedder: Callable[[], Embedder]

    def verify(self) -> Iterator[Finding | Checked]:
        """Compare the store, the files, the pictures and the indexes with each other: what was looked at, and what is
        wrong, as it is found. Reads only; work may go on meanwhile."""
        return verify(self.folder, self.database, space=self.make_embedder().space)

    def repair(self) -> Repair:
        """What mends findings, as far as that needs no person."""
        return Repair(self.folder, self.writable(), self.make_embedder)

    def reindex(
        self,
        *,
        parts: tuple[Part, ...] = PARTS,
        hubs: Literal["missing", "all"] = "missing",
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Make what is searched anew from the store; search goes on meanwhile. Tells a sentence a step."""
        reindex(self.folder, self.writable(), parts=parts, hubs=hubs, tell=tell)

    def fixity(self) -> FixityStatus:
        """Which files have a hash of all their bytes, and what was found when they were last compared."""
        return fixity_status(self.database)

    def record_fixity(self) -> int:
        """Ask for a hash of every file, from now on. Returns how many files wait to be read for that."""
        return record_fixity(self.writable())

    def stop_fixity(self) -> None:
        """Record no more hashes; those that there are stay."""
        stop_recording(self.writable())

    def files_to_check(
        self, *, videos: Sequence[VideoId] = (), folder: str | None = None, since: str | None = None
    ) -> list[FixityFile]:
        """Files that have a hash, those that were read longest ago first: see `indexer.ingest.fixity`."""
        return files_to_check(self.database, videos=videos, folder=folder, since=since)

    def check_fixity(
        self, files: Sequence[FixityFile], *, tell: Callable[[CheckMoment], None]
    ) -> Iterator[FixityFinding]:
        """Read files again and compare them with their hashes; each is noted as soon as it is done."""
        return check_files(self.writable(), files, tell=tell)

    def write_manifest(self, target: Path, *, folder: str | None = None) -> int:
        """Write the recorded hashes as `sha256sum --check` reads them. Returns how many."""
        return write_manifest(self.database, target, folder=folder)
