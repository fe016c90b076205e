"""A library made of caption texts alone, for measuring search without any footage."""

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from pathlib import Path

from indexer.bootstrap import open_ingester
from indexer.domain import Caption, Fingerprint, MediaInfo, Recipe, VideoId
from indexer.embedding import make_embedder
from indexer.ingest import Publisher
from indexer.ingest.embed import embed_new_captions
from indexer.library_folder import LibraryFolder
from indexer.settings import Settings
from indexer.store import Transaction, segments, settings, videos
from indexer.timecode import TimeRange

BENCH = Path(__file__).resolve().parents[2] / "shared" / "bench"
RECIPE = Recipe("bench/1")
VIDEOS_A_COMMIT = 500


@dataclass(frozen=True, slots=True)
class Document:
    id: str
    video: str
    text: str
    start_us: int
    end_us: int


def read_lines(path: Path) -> Iterator[dict[str, object]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def read_corpus(name: str) -> list[Document]:
    """The documents of a corpus; those without times are given consecutive spans of ten seconds."""
    documents: list[Document] = []
    for number, line in enumerate(read_lines(BENCH / "retrieval" / "corpora" / f"{name}.docs.jsonl.gz")):
        start = float(str(line.get("start", 10 * number)))
        end = float(str(line.get("end", start + 10)))
        span = (round(start * 1e6), max(round(end * 1e6), round(start * 1e6) + 1))
        documents.append(Document(str(line["id"]), str(line["video"]), str(line["text"]), *span))
    return documents


def fill(
    root: Path, documents: Iterable[Document], *, fields: Mapping[str, Mapping[str, str]] | None = None
) -> dict[str, Document]:
    """Make a library of `documents` in the folder `root`. Returns {segment id: document}; equal spans of one video
    are kept apart by a microsecond, as a segment is its span."""
    ingester = open_ingester(Settings(library=root))
    folder, database = LibraryFolder(root), ingester.bench.database
    of_segment: dict[str, Document] = {}
    by_video = [
        list(some) for _, some in groupby(sorted(documents, key=lambda one: one.video), key=lambda one: one.video)
    ]
    with database.write() as tx:
        settings.prefer(tx, RECIPE)
    for first in range(0, len(by_video), VIDEOS_A_COMMIT):
        with database.write() as tx:
            for some in by_video[first : first + VIDEOS_A_COMMIT]:
                of_segment.update(_add_video(tx, some, (fields or {}).get(some[0].video, {})))
    embedder = make_embedder("minilm")
    embed_new_captions(database, embedder, video=None)
    Publisher(folder, database).publish(embedder.space)
    database.close()
    return of_segment


def _add_video(tx: Transaction, documents: list[Document], fields: Mapping[str, str]) -> dict[str, Document]:
    name = documents[0].video
    title = fields.get("title") or (name if not fields else "untitled")
    video = videos.add(tx, info=_info(), fingerprint=Fingerprint(1, name), title=title, fields=dict(fields))
    spans: dict[TimeRange, Document] = {}
    for document in documents:
        span = TimeRange(document.start_us, document.end_us)
        while span in spans:
            span = TimeRange(span.start_us, span.end_us + 1)
        spans[span] = document
    made = segments.put_segmentation(tx, video, recipe=RECIPE, origin="imported", spans=list(spans), cuts=[])
    captions = [Caption(segment.id, spans[segment.span].text, RECIPE) for segment in made]
    segments.put_captions(tx, captions, {})
    videos.finish(tx, VideoId(video))
    return {segment.id: spans[segment.span] for segment in made}


def _info() -> MediaInfo:
    return MediaInfo(
        container="text",
        codec="text",
        stream_index=0,
        width=0,
        height=0,
        rotation=0,
        rate=Fraction(25),
        average_rate=Fraction(25),
        claimed_duration_us=None,
        start_timecode=None,
        recorded_at=None,
        title=None,
        audio_codec=None,
        pixel_format="",
    )
