"""A library of a million captions in minutes: rows written in bulk, full text and the index built at the end."""

from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

import numpy as np
from sqlalchemy import insert
from sqlalchemy.orm import DeclarativeBase

from benchmarks.search_speed.corpus import Captions
from indexer.domain import Recipe
from indexer.embedding import Embedder
from indexer.store import Database, Transaction, embeddings, fulltext, settings, words
from indexer.store.tables import (
    CaptionTable,
    EmbeddingTable,
    FacetTable,
    RecipeTable,
    SegmentationSegmentTable,
    SegmentationTable,
    SegmentTable,
    SegmentTextTable,
    SpaceTable,
    VideoTable,
    VideoTextTable,
)

RECIPE = Recipe("bench/1")
NARROW = ("sample", "yes")
"""A facet that one segment in a thousand has."""
_SECONDS = 10_000_000
_THEN = "2026-01-01T00:00:00+00:00"


def fill(database: Database, parts: Iterable[Captions], embedder: Embedder) -> int:
    """Write videos of 20 to 50 segments, each segment with its caption and its vector. Returns the number of
    segments."""
    with database.write() as tx:
        settings.prefer(tx, RECIPE)
        embeddings.ensure_space(tx, embedder.space, embedder.dimension)
        numbers = _Numbers(tx, embedder.space)
        with fulltext.made_anew(tx):
            for part in parts:
                numbers.write(part)
    return numbers.segments


class _Numbers:
    """Rows given out one after the other, for everything that is written."""

    def __init__(self, tx: Transaction, space: str) -> None:
        self._tx = tx
        self._recipe = tx.query(RecipeTable.row).filter_by(name=str(RECIPE)).scalar()
        self._space = tx.query(SpaceTable.row).filter_by(name=space).scalar()
        self._sizes = _sizes()
        self._left = self._videos = self.segments = 0
        self._ordinal = 0

    def write(self, part: Captions) -> None:
        videos: list[tuple[int, int, str]] = []
        places: list[tuple[int, int, int]] = []
        for text in part.texts:
            if not self._left:
                self._left, self._ordinal = next(self._sizes), 0
                self._videos += 1
                videos.append((self._videos, self._left, _title(text)))
            places.append((self.segments + len(places) + 1, self._videos, self._ordinal))
            self._left -= 1
            self._ordinal += 1
        self._write_videos(videos)
        self._write_segments(places)
        self._write_texts(places, part.texts)
        self._write_vectors(places, part)
        self.segments += len(places)

    def _write_videos(self, videos: list[tuple[int, int, str]]) -> None:
        stated = {
            "kind": "imported",
            "width": 0,
            "height": 0,
            "rotation": 0,
            "codec": "",
            "pixel_format": "",
            "container": "",
        }
        self._put(
            VideoTable,
            [
                stated
                | {"row": row, "id": f"video-{row}", "title": title, "complete": True, "added_at": _THEN}
                | {"duration_us": length * _SECONDS}
                for row, length, title in videos
            ],
        )
        self._put(
            VideoTextTable,
            [
                {
                    "video_row": row,
                    "title": words.index_text(title),
                    **dict.fromkeys(("file_names", "tags", "fields"), ""),
                    "words": words.surface_words(title),
                    "trigrams": " ".join(words.trigrams(title)),
                }
                for row, _, title in videos
            ],
        )
        segmentation = {"recipe_row": self._recipe, "origin": "imported", "active": True}
        self._put(SegmentationTable, [segmentation | {"row": row, "video_row": row} for row, _, _ in videos])

    def _write_segments(self, places: list[tuple[int, int, int]]) -> None:
        self._put(
            SegmentTable,
            [
                {
                    "row": row,
                    "id": f"segment-{row}",
                    "video_row": video,
                    "start_us": ordinal * _SECONDS,
                    "end_us": (ordinal + 1) * _SECONDS,
                }
                for row, video, ordinal in places
            ],
        )
        self._put(
            SegmentationSegmentTable,
            [{"segmentation_row": video, "segment_row": row, "ordinal": ordinal} for row, video, ordinal in places],
        )
        facet = {"name": NARROW[0], "value": NARROW[1], "source": str(RECIPE)}
        self._put(FacetTable, [facet | {"segment_row": row} for row, _, _ in places if row % 1000 == 0])

    def _write_texts(self, places: list[tuple[int, int, int]], texts: list[str]) -> None:
        stated = {"recipe_row": self._recipe, "ordinal": 0, "language": "en", "source": str(RECIPE), "rejected": False}
        rows = [row for row, _, _ in places]
        self._put(
            CaptionTable,
            [
                stated | {"row": row, "segment_row": row, "text": text, "written_at": _THEN}
                for row, text in zip(rows, texts, strict=True)
            ],
        )
        self._put(
            SegmentTextTable,
            [
                {
                    "segment_row": row,
                    "caption_row": row,
                    "text": text,
                    "tokens": words.index_text(text),
                    "words": words.surface_words(text),
                }
                for row, text in zip(rows, texts, strict=True)
            ],
        )

    def _write_vectors(self, places: list[tuple[int, int, int]], part: Captions) -> None:
        stated = {"space_row": self._space, "item_kind": "caption", "layer": str(RECIPE), "seq": 1}
        blobs = [vector.tobytes() for vector in np.ascontiguousarray(part.vectors, "<f4")]
        self._put(
            EmbeddingTable,
            [stated | {"item_id": row, "vec": blob} for (row, _, _), blob in zip(places, blobs, strict=True)],
        )
        self._tx.query(SpaceTable).filter_by(row=self._space).update({"change_seq": 1})

    def _put(self, table: type[DeclarativeBase], values: list[dict[str, Any]]) -> None:
        if values:
            self._tx.execute(insert(table), values)


def _sizes() -> Iterator[int]:
    """20 to 50, over and over."""
    return (20 + 11 * number % 31 for number in count())


def _title(text: str) -> str:
    """The first words of the first caption: people ask for words that many titles hold."""
    return " ".join(text.split()[:6]).title()
