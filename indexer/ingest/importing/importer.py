"""Files of descriptions, subtitles and metadata -> the library."""

import fcntl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from indexer.domain import Vectors
from indexer.embedding import Embedder
from indexer.errors import LibraryBusy
from indexer.ingest.embed import embed_new_captions
from indexer.ingest.importing.bad_rows import BadRow
from indexer.ingest.importing.gathering import Gathered, gather
from indexer.ingest.importing.names import Names
from indexer.ingest.importing.picturing import ask_for_pictures
from indexer.ingest.importing.reading import read_rows
from indexer.ingest.importing.report import ImportMoment, ImportReport
from indexer.ingest.importing.rows import Defaults
from indexer.ingest.importing.text_files import Format, TextFile, read_text_file
from indexer.ingest.levels import measure_levels
from indexer.ingest.publish import Publisher
from indexer.ingest.task import with_patience
from indexer.library_folder import LibraryFolder
from indexer.store import Database, imports, waiting_texts
from indexer.store.imports import Description, Entered, Import, Kind, NamedVideo

_ROWS_AT_ONCE = 2_000  # committed together: a second's work, so that others who write wait no longer
_SLIPS_TOLD = 10
_LOCK = 0x1A9027  # any number will do, as long as nobody else on the server uses it

Tell = Callable[[ImportMoment], None]


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What is to be read, and what its rows mean that do not say it. `mode`: enter the `good` rows; `all` or none; or
    `check` only."""

    path: Path
    format: Format | None = None
    video: str = ""
    kind: Kind = "description"
    author: str = ""
    language: str = ""
    mode: Literal["good", "all", "check"] = "good"


@dataclass(frozen=True, slots=True)
class Importer:
    """Enters what is written elsewhere. `database` None: there is no library, and nothing but checks can be done."""

    folder: LibraryFolder
    database: Database | None
    embedder: Callable[[], Embedder]

    def read(self, request: ImportRequest, *, tell: Tell = lambda _: None) -> ImportReport:
        """Enter what one file holds: again and again the same, until its end. What was entered is found by its words
        at once, and by its meaning after `finish`.

        Raises `UsageError` for a file that cannot be read at all, `LibraryBusy` while another import is running.
        """
        tell(ImportMoment("reading"))
        file = read_text_file(request.path, request.format)
        if self.database is None or request.mode == "check":
            gathered, bad = self._gathered(file, request)
            return _report(file, gathered, bad, [])
        with self._alone(self.database):
            gathered, bad = self._gathered(file, request)
            entered = [] if bad and request.mode == "all" else _enter(self.database, gathered, tell)
        return _report(file, gathered, bad, entered)

    def finish(self, *, tell: Tell = lambda _: None) -> None:
        """Let everything that was entered be found by its meaning."""
        if self.database is None:
            return
        embedder = self.embedder()
        with self.database.read() as tx:
            total = waiting_texts.count_unembedded(tx, embedder.space)
        if total:
            embed_new_captions(self.database, _Told(embedder, tell, total), video=None)
            tell(ImportMoment("publishing"))
        ask_for_pictures(self.database)
        Publisher(self.folder, self.database).publish(embedder.space)
        measure_levels(self.folder, self.database, embedder)

    def _gathered(self, file: TextFile, request: ImportRequest) -> tuple[list[Gathered], list[BadRow]]:
        names = Names()
        if self.database is not None:
            with self.database.read() as tx:
                names = Names.of(imports.named_videos(tx))
        author = request.author or f"import {file.name}"
        defaults = Defaults(author=author, video=request.video, kind=request.kind, language=request.language)
        return gather(read_rows(file, defaults), names)

    @contextmanager
    def _alone(self, database: Database) -> Iterator[None]:
        """Two imports at once would both make the same new videos."""
        with (self.folder.root / ".import.lock").open("w") as file, database.lock(_LOCK) as mine:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                mine = False
            if not mine:
                raise LibraryBusy("another import into this library is running; try again when it has ended")
            yield


@dataclass
class _Told:
    """An embedder that tells how far it is."""

    embedder: Embedder
    tell: Tell
    total: int
    done: int = field(default=0)

    @property
    def space(self) -> str:
        return self.embedder.space

    @property
    def dimension(self) -> int:
        return self.embedder.dimension

    def embed_captions(self, texts: Sequence[str]) -> Vectors:
        self.tell(ImportMoment("embedding", self.done, self.total))
        vectors = self.embedder.embed_captions(texts)
        self.done += len(texts)
        self.tell(ImportMoment("embedding", self.done, max(self.done, self.total)))
        return vectors

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self.embedder.embed_queries(texts)

    def splits(self, word: str) -> bool:
        return self.embedder.splits(word)


def _enter(database: Database, gathered: Sequence[Gathered], tell: Tell) -> list[Entered]:
    total, done = sum(one.rows for one in gathered), 0
    entered: list[Entered] = []
    for batch in _batches(gathered):
        tell(ImportMoment("writing", done, total))
        entered += _enter_batch(database, batch)
        done += sum(one.rows for one in batch)
    tell(ImportMoment("writing", done, total))
    return entered


def _enter_batch(database: Database, batch: Sequence[Gathered]) -> list[Entered]:
    *small, last = (one.as_import() for one in batch)  # of which no other may be large
    first, *rest = _parts(last)
    entered = _put(database, [*small, first])
    for part in rest:
        before = entered[-1]
        (more,) = _put(database, [replace(part, video=before.video)])
        taken = before.lines_taken + more.lines_taken
        entered[-1] = replace(before, texts=before.texts + more.texts, lines_taken=taken)
    return entered


def _put(database: Database, batch: Sequence[Import]) -> list[Entered]:
    def put() -> list[Entered]:
        with database.write() as tx:
            return imports.put_imports(tx, batch)

    return with_patience(put)


def _parts(given: Import) -> list[Import]:
    """What is committed one after another of a video that is known by its texts alone. What one author says of one span
    stays together, and so do all lines: what changed of these is told by looking at all."""
    is_footage = isinstance(given.video, NamedVideo) and given.video.kind != "imported"
    if is_footage or len(given.descriptions) <= _ROWS_AT_ONCE:
        return [given]
    of_span: dict[object, list[Description]] = {}
    for said in given.descriptions:
        of_span.setdefault((said.span, said.source), []).append(said)
    parts: list[list[Description]] = [[]]
    for together in of_span.values():
        if parts[-1] and len(parts[-1]) + len(together) > _ROWS_AT_ONCE:
            parts.append([])
        parts[-1] += together
    first, *rest = (tuple(part) for part in parts)
    with_lines = [Import(given.video, lines=given.lines)] if given.lines else []
    return [
        replace(given, descriptions=first, lines={}),
        *(Import(given.video, descriptions=part) for part in rest),
        *with_lines,
    ]


def _batches(gathered: Sequence[Gathered]) -> Iterator[list[Gathered]]:
    """All that is said of a video stays together: only the last of a batch may be large."""
    batch: list[Gathered] = []
    rows = 0
    for one in gathered:
        batch.append(one)
        rows += one.rows
        if rows >= _ROWS_AT_ONCE:
            yield batch
            batch, rows = [], 0
    if batch:
        yield batch


def _report(
    file: TextFile, gathered: Sequence[Gathered], bad: Sequence[BadRow], entered: Sequence[Entered]
) -> ImportReport:
    good = sum(one.rows for one in gathered)
    new = sum(
        put.texts + (one.rows - one.texts if put.named else 0) for one, put in zip(gathered, entered, strict=False)
    )
    made = sum(one.video.known is None for one in gathered)
    return ImportReport(
        file=file.name,
        rows=good + len(bad),
        entered=new,
        unchanged=good - new if entered else 0,
        left_out=0 if entered else good,
        made=made,
        matched=len(gathered) - made,
        bad=tuple(bad),
        notes=(*file.notes, *_notes(gathered, entered)),
    )


def _notes(gathered: Sequence[Gathered], entered: Sequence[Entered]) -> Iterator[str]:
    """What a person should know of what was, or would be, entered."""
    slips = [slip for one in gathered if (slip := one.video.mistaken)]
    yield from slips[:_SLIPS_TOLD]
    if len(slips) > _SLIPS_TOLD:
        yield f"and {len(slips) - _SLIPS_TOLD} more new videos are called like known ones in other folders"
    if taken := sum(put.lines_taken for put in entered):
        whose = "which the same author had of these videos in the same language"
        yield f"lines taken away: {taken}, {whose}; this file replaces them"
