"""Mending what a verification found, as far as that needs no person: what can be made again is made again."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from indexer import media
from indexer.domain import VideoId
from indexer.embedding import Embedder
from indexer.errors import LibraryBusy, LibraryError
from indexer.ingest.embed import embed_new_captions
from indexer.ingest.missing import note_unseen
from indexer.ingest.planning import looking_unit
from indexer.ingest.publish import Publisher
from indexer.ingest.publish_words import WORDS, WordsPublisher
from indexer.ingest.verify.findings import Finding
from indexer.ingest.verify.videos import lacking
from indexer.library_folder import LibraryFolder
from indexer.store import Database, cues, fulltext_checks, jobs, repairs


@dataclass
class Repair:
    """Take findings as they come, then `finish`: what many of them need is done once, at the end."""

    folder: LibraryFolder
    database: Database
    embedder: Callable[[], Embedder]
    _stale: set[str] = field(default_factory=set)  # what has its index written anew: spaces, and the words
    _embed: bool = False
    _lacking: set[VideoId] = field(default_factory=set)

    def mend(self, finding: Finding) -> bool:
        """Whether it is mended, or will be by `finish` or by a worker."""
        match finding.kind:
            case "full_text":
                return self._rebuild_full_text()
            case "cue":
                with self.database.write() as tx:
                    cues.read_anew(tx, finding.rows)
            case "text" | "caption_twice" | "name":
                self._mend_texts(finding)
            case "vector_missing" | "vector_unfit" | "vector_homeless" | "unit_homeless":
                self._mend_rows(finding)
            case "index_damaged" | "index_differs":
                self._stale.add(finding.subject)
            case "keyframe_missing" | "keyframe_broken" | "incomplete":
                self._note_lacking(finding)
            case "keyframe_orphan" | "clip_orphan" | "spool_orphan" | "index_orphan":
                (self.folder.root / finding.subject).unlink(missing_ok=True)
            case "file_missing":
                note_unseen(self.database, [Path(finding.subject)])
            case "file_changed":
                self._look_again(Path(finding.subject))
            case _:
                return False
        return True

    def finish(self) -> int:
        """What findings left to be done once. Returns how many units of work were queued for workers."""
        queued = 0
        for video in sorted(self._lacking):
            with self.database.write() as tx:
                if units := lacking(tx, video):
                    repairs.reopen(tx, video)
                    queued += len(jobs.put(tx, units))
        if self._embed:
            embed_new_captions(self.database, self.embedder(), video=None)
            Publisher(self.folder, self.database).publish(self.embedder().space)
        for space in sorted(self._stale - {WORDS}):
            Publisher(self.folder, self.database).rebuild(space)
        if WORDS in self._stale:
            WordsPublisher(self.folder, self.database).rebuild()
        return queued

    def _rebuild_full_text(self) -> bool:
        try:
            with self.database.write() as tx:
                fulltext_checks.rebuild_full_text(tx)
        except LibraryBusy:
            raise
        except LibraryError:
            return False
        return True

    def _mend_texts(self, finding: Finding) -> None:
        with self.database.write() as tx:
            if finding.kind == "name" and finding.video is not None:
                repairs.index_names_anew(tx, [finding.video])
            if finding.kind == "caption_twice":
                repairs.forget_captions(tx, finding.rows)
            repairs.choose_texts_anew(tx, finding.segments)

    def _mend_rows(self, finding: Finding) -> None:
        with self.database.write() as tx:
            if finding.kind == "unit_homeless":
                repairs.forget_homeless_units(tx, finding.rows)
            elif finding.rows:
                repairs.bury_vectors(tx, finding.subject, finding.rows)
        self._embed = self._embed or finding.kind != "unit_homeless"

    def _note_lacking(self, finding: Finding) -> None:
        if finding.kind != "incomplete":
            with self.database.write() as tx:
                repairs.forget_keyframe(tx, finding.subject)
            (self.folder.root / finding.subject).unlink(missing_ok=True)
        if finding.video is not None:
            self._lacking.add(finding.video)

    def _look_again(self, path: Path) -> None:
        file = media.look_again(media.FoundFile(path, 0, 0))
        with self.database.write() as tx:
            jobs.put(tx, [looking_unit(file, urgency="in turn")])
