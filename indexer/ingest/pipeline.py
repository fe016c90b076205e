"""The way of one file through an ingest, and of all files through one `shotlist add`.

Every step first asks the library what is still missing and commits what it made, so a run that was cut short anywhere
goes on where it stopped when it is started again.
"""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer import media
from indexer.captioning import Captioner
from indexer.domain import FileReport, IngestReport, ProgressWatcher, path_text
from indexer.embedding import Embedder
from indexer.errors import MediaError, MediaFailed, UsageError
from indexer.ingest.embed import embed_new_captions
from indexer.ingest.identity import Known, identify
from indexer.ingest.missing import note_missing
from indexer.ingest.progress import ProgressTeller
from indexer.ingest.publish import Publisher
from indexer.ingest.video import VideoIngest
from indexer.library_folder import LibraryFolder
from indexer.media import Discovery, FoundFile
from indexer.store import Database, roots, settings


@dataclass(frozen=True, slots=True)
class Ingester:
    """Adds footage to one library."""

    folder: LibraryFolder
    database: Database
    detector: str
    captioner: Captioner
    note: str  # which captioner this is, and why, for people
    embedder: Callable[[], Embedder]

    def add(self, paths: Sequence[Path], *, watch: ProgressWatcher) -> IngestReport:
        """Index every file of footage in `paths` (files and folders). A bad file is a line in the report.

        Raises `UsageError` for a path that is not there, `LibraryError` when the library cannot be written.
        """
        began = time.monotonic()
        for path in paths:
            if not os.path.lexists(path):
                raise UsageError(f"there is no file or folder {path_text(path)}")
        folders = [path.resolve() for path in paths if path.is_dir()]
        found = media.discover(paths)
        teller = ProgressTeller(watch, files=found.files)
        with self.database.write() as tx:
            settings.prefer(tx, self.captioner.recipe, place="last")
            for folder in folders:
                if roots.around(tx, folder) is None:
                    roots.add(tx, folder)
        work = VideoIngest(self.folder, self.database, self.detector, self.captioner, self.embedder, teller)
        reports = [*_out_of_reach(found)]
        for file in found.files:
            teller.begin(file)
            report = self._add_file(file, work)
            teller.end(report)
            reports.append(report)
            if report.state == "indexed":
                Publisher(self.folder, self.database).publish_if_due(self.embedder().space)
        notes = note_missing(self.database, folders)
        teller.publishing()
        self._publish()
        return IngestReport(tuple(reports), found.ignored, time.monotonic() - began, self.captioner.recipe, notes)

    def _add_file(self, file: FoundFile, work: VideoIngest) -> FileReport:
        file = media.look_again(file)
        try:
            known = identify(self.database, file)
            if isinstance(known, Known) and known.complete:
                return FileReport(
                    file.path, "skipped", known.reason, known.message, warnings=known.warnings, video=known.video
                )
            return work.run(file, known)
        except MediaFailed as error:
            return FileReport(file.path, "failed", error.reason, error.message)
        except MediaError as error:
            return FileReport(file.path, "refused", error.reason, error.message)
        except OSError as error:
            if file.path.exists() and error.filename != str(file.path):
                raise
            why = f"the file could not be read any more ({error.strerror}); connect its disk, then add it again"
            return FileReport(file.path, "failed", "vanished", why)

    def _publish(self) -> None:
        embedder = self.embedder()
        embed_new_captions(self.database, embedder, video=None)
        Publisher(self.folder, self.database).publish(embedder.space)


def _out_of_reach(found: Discovery) -> list[FileReport]:
    """What lies in the folders and cannot be looked at."""
    broken = [
        FileReport(path, "refused", "missing", "a link that leads nowhere; mend or remove the link")
        for path in found.missing
    ]
    shut = "this folder may not be read; allow it, then add it again"
    closed = [FileReport(path, "refused", "unreadable", shut) for path in found.unreadable]
    return broken + closed
