"""An ingest that goes on while searches are timed: captions and vectors, committed as a worker commits them.

python -m benchmarks.search_speed.writing LIBRARY SECONDS
"""

import sys
import time
from fractions import Fraction
from pathlib import Path

import numpy as np

from benchmarks.search_speed.filling import RECIPE
from indexer.domain import Caption, Fingerprint, MediaInfo, VideoId
from indexer.embedding import make_embedder
from indexer.ingest import Publisher
from indexer.library_folder import LibraryFolder
from indexer.store import Database, embeddings, open_database, segments, videos
from indexer.timecode import TimeRange

SEGMENTS = 16
"""To a commit."""
_PAUSE_S = 0.3  # between commits: a captioner is not quicker
_SECOND = 1_000_000
_NO_PICTURE = MediaInfo("text", "text", 0, 0, 0, 0, Fraction(25), Fraction(25), None, None, None, None, None, "")


def main() -> None:
    root, seconds = Path(sys.argv[1]), float(sys.argv[2])
    folder = LibraryFolder(root)
    database = open_database(f"sqlite:///{folder.database_file}", purpose="write")
    space, dice = make_embedder("minilm").space, np.random.default_rng()
    ends, written = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        _write_video(database, space, dice)
        Publisher(folder, database).publish_if_due(space)
        written += SEGMENTS
        time.sleep(_PAUSE_S)
    print(f"{written} segments were written meanwhile")


def _write_video(database: Database, space: str, dice: np.random.Generator) -> None:
    name = f"new {dice.integers(2**60)}"
    with database.write() as tx:
        video = videos.add(tx, info=_NO_PICTURE, fingerprint=Fingerprint(1, name), title=name, fields={})
        spans = [TimeRange(number * _SECOND, (number + 1) * _SECOND) for number in range(SEGMENTS)]
        made = segments.put_segmentation(tx, video, recipe=RECIPE, origin="imported", spans=spans, cuts=[])
    with database.write() as tx:
        captions = [Caption(one.id, f"{name}: a man walks by, {number}", RECIPE) for number, one in enumerate(made)]
        segments.put_captions(tx, captions, {})
    with database.read() as tx:
        waiting = embeddings.unembedded(tx, space, video=VideoId(video), limit=SEGMENTS)
    with database.write() as tx:
        vectors = dice.standard_normal((len(waiting), 384)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        embeddings.put_vectors(tx, space, [(one.caption_row, one.layer) for one in waiting], vectors)


if __name__ == "__main__":
    main()
