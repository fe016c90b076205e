"""A library of segments that fake captioners wrote about, put straight into the store: no footage, no ingest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from indexer.domain import Caption, Fingerprint, MediaInfo, Recipe, Segment, SegmentId, VideoId
from indexer.embedding import Embedder
from indexer.store import Database, Transaction, edits, embeddings, hits, segments, videos
from indexer.timecode import TimeRange

SECOND = 1_000_000
CUTS = Recipe("content/1")
MEASURED = Recipe("measured/1")
INFO = MediaInfo("mov", "h264", 0, 640, 360, 0, None, None, None, None, None, None, None, "yuv420p")


def spans_of(*seconds: int) -> list[TimeRange]:
    """Spans that tile from the first to the last of these times."""
    return [TimeRange(start * SECOND, end * SECOND) for start, end in pairwise(seconds)]


def put_video(tx: Transaction, name: str, *, seconds: Sequence[int]) -> tuple[VideoId, list[Segment]]:
    video = videos.add(tx, info=INFO, fingerprint=Fingerprint(1, name), title=name, fields={})
    return video, cut(tx, video, *seconds)


def cut(tx: Transaction, video: VideoId, *seconds: int, recipe: Recipe = CUTS) -> list[Segment]:
    spans = spans_of(*seconds)
    return segments.put_segmentation(tx, video, recipe=recipe, origin="detected", spans=spans, cuts=[])


def caption(tx: Transaction, recipe: Recipe, texts: Mapping[SegmentId, str]) -> None:
    segments.put_captions(tx, [Caption(segment, text, recipe) for segment, text in texts.items()], {})


def searched(tx: Transaction, video: VideoId) -> list[str]:
    """What each segment of a video is searched by, in order of time; "" where it is by nothing."""
    return [detail.active.text if detail.active else "" for detail in segments.details(tx, video)]


def deeds(tx: Transaction, segment: SegmentId) -> list[tuple[str, str, bool]]:
    """(action, text, whether it is undone), oldest first."""
    return [(one.action, one.text, one.undone_at is not None) for one in edits.history(tx, segment)]


def texts_of(tx: Transaction, rows: Sequence[int]) -> list[str]:
    loaded = hits.load_hits(tx, list(rows))
    return [loaded[row].text for row in rows]


@dataclass(frozen=True, slots=True)
class Vectors:
    """Gives texts their vectors, those of recipes that are not searched yet too."""

    database: Database
    embedder: Embedder

    def put(self, video: VideoId, recipe: Recipe, span: TimeRange) -> int:
        with self.database.write() as tx:
            embeddings.ensure_space(tx, self.embedder.space, self.embedder.dimension)
            part = embeddings.Part(span, recipe)
            waiting = embeddings.unembedded(tx, self.embedder.space, video=video, limit=100_000, part=part)
            vectors = self.embedder.embed_captions([one.text for one in waiting])
            embeddings.put_vectors(tx, self.embedder.space, [(one.caption_row, one.layer) for one in waiting], vectors)
        return len(waiting)
