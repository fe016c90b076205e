"""How near is near in this library: levels of cosines, kept among its settings, one entry a space."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from indexer.store import settings
from indexer.store.tables import SegmentTable, SegmentTextTable

_KEY = "search levels "


@dataclass(frozen=True, slots=True)
class Level:
    """Of questions of so many words: cosines from which on a text is strong or fair evidence, and below which it is
    none."""

    words: int
    nothing: float
    fair: float
    strong: float


@dataclass(frozen=True, slots=True)
class SampledText:
    video_row: int
    text: str


def read(tx: Session, space: str) -> list[Level]:
    """The levels of a space, by number of words; none where they were not measured."""
    stored = settings.get(tx, _KEY + space)
    return [Level(**one) for one in json.loads(stored)["levels"]] if stored else []


def texts_then(tx: Session, space: str) -> int:
    """How many texts were searched when the levels were measured; 0 where they were not."""
    stored = settings.get(tx, _KEY + space)
    return int(json.loads(stored)["texts"]) if stored else 0


def write(tx: Session, space: str, levels: Sequence[Level], *, texts: int) -> None:
    """Keep levels, and of how many texts they are."""
    settings.put(tx, _KEY + space, json.dumps({"texts": texts, "levels": [asdict(level) for level in levels]}))


def sample_texts(tx: Session, count: int) -> list[SampledText]:
    """At most so many of the texts that are searched, drawn evenly from all; the same ones each time."""
    row = SegmentTextTable.segment_row
    first, last = tx.execute(select(func.min(row), func.max(row))).one()
    found: dict[int, SampledText] = {}
    for place in range(count if first is not None else 0):
        query = (
            select(row, SegmentTable.video_row, SegmentTextTable.text)
            .join(SegmentTable, SegmentTable.row == SegmentTextTable.segment_row)
            .where(row >= first + place * (last - first + 1) // count)
            .order_by(row)
            .limit(1)
        )
        segment, video, text = tx.execute(query).one()
        found[segment] = SampledText(video, text)
    return list(found.values())
