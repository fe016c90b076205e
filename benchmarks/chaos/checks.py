"""After all that: is anything lost, there twice, or wrong?"""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from sqlalchemy import text

from benchmarks.chaos.library import CAPTIONERS, Place, ends
from indexer.captioning import Captioner
from indexer.domain import Video
from indexer.ingest import stages
from indexer.ingest.stages import Source
from indexer.ingest.verify import Finding, verify
from indexer.store import Database, Transaction, recipes, segments, videos
from indexer.store.segments import SegmentDetail
from tests.fakes.embedders import HashEmbedder

_VECTORS = """
    SELECT caption.text, embedding.vec, recipe.name FROM caption
    JOIN recipe ON recipe.row = caption.recipe_row
    LEFT JOIN embedding ON embedding.item_id = caption.row AND embedding.item_kind = 'caption'
        AND embedding.layer = recipe.name AND embedding.vec IS NOT NULL
"""
_CLAIMS = "SELECT sum(epoch), count(*) FROM work_unit"


def faults(place: Place, *, films: int) -> list[str]:
    """Everything that is not as an undisturbed ingest of so many films would have left it."""
    database = place.open("read")
    try:
        return [*_of_the_work(database), *_of_the_footage(database, place, films), *_of_the_library(database, place)]
    finally:
        database.close()


def counts(tx: Transaction) -> tuple[int, int, int]:
    """Units; how many were done once more; and how often one was begun in vain."""
    claims, units = tx.execute(text(_CLAIMS)).one()
    ended = ends(tx).values()
    return int(units), sum(count - 1 for count in ended), int(claims) - sum(ended)


def _of_the_work(database: Database) -> Iterator[str]:
    with database.read() as tx:
        open_units = tx.execute(text("SELECT key, state, reason, message FROM work_unit WHERE state <> 'done'")).all()
        ended = ends(tx)
        units = set(tx.execute(text("SELECT key FROM work_unit")).scalars())
    yield from (f"not done: {tuple(one)}" for one in open_units)
    yield from (f"never done: {key}" for key in sorted(units - set(ended)))


def _of_the_footage(database: Database, place: Place, films: int) -> Iterator[str]:
    with database.read() as tx:
        stored = videos.load(tx, sorted(videos.complete_ids(tx)))
        details = {one.id: segments.details(tx, one.id) for one in stored}
        wanted = {captioner for _, captioner in recipes.wanted(tx)}
        decoded = {one.id: videos.decoded(tx, one.id) for one in stored}
    names = Counter(one.path.name for one in stored if one.path)
    expected = {path.name for path in place.footage.iterdir()}
    if set(names) != expected or set(names.values()) != {1} or len(expected) != films:
        doubled = [name for name, count in names.items() if count > 1]
        yield f"{len(names)} of {films} films are whole; doubled: {doubled}"
    for video in stored:
        yield from (f"{video.title}: {fault}" for fault in _of_a_video(video, details[video.id], place))
        found = decoded[video.id]
        source = Source(place.footage / f"{video.title}.mp4", 0, found.reading if found else "fast")
        for name in sorted(wanted & set(CAPTIONERS)):
            fault = _of_captions(details[video.id], source, CAPTIONERS[name])
            yield from (f"{video.title}: {one}" for one in fault)


def _of_a_video(video: Video, details: list[SegmentDetail], place: Place) -> Iterator[str]:
    spans = [one.segment.span for one in details]
    gaps = any(a.end_us != b.start_us for a, b in pairwise(spans))
    if not spans or gaps or (spans[0].start_us, spans[-1].end_us) != (0, video.duration_us):
        yield "its segments do not tile it"
    for detail in details:
        pictures = [place.folder.root / one.path for one in detail.keyframes]
        if not 1 <= len(pictures) <= 3 or not all(one.is_file() for one in pictures):
            yield f"{len(pictures)} keyframes, of which some may be gone, at {detail.segment.start_us}"
        written = Counter(one.recipe for one in detail.captions)
        if max(written.values(), default=0) > 1:
            yield f"captions twice at {detail.segment.start_us}: {written}"


def _of_captions(details: list[SegmentDetail], source: Source, captioner: Captioner) -> Iterator[str]:
    """They must be what the captioner writes when it is asked again."""
    listed = [one.segment for one in details]
    again = stages.clips(source, segments=listed, wants=captioner.wants)
    for detail, draft in zip(details, captioner.captions(again), strict=True):
        texts = [one.text for one in detail.captions if one.recipe == captioner.recipe]
        if texts != [draft.text]:
            yield f"captions by {captioner.recipe} at {detail.segment.start_us}: {texts}, not {draft.text!r}"


def _of_the_library(database: Database, place: Place) -> Iterator[str]:
    embedder = HashEmbedder()
    models = {one.recipe for one in CAPTIONERS.values()}
    with database.read() as tx:
        rows = tx.execute(text(_VECTORS)).all()
        if database.dialect == "sqlite" and (state := tx.execute(text("PRAGMA integrity_check")).scalar_one()) != "ok":
            yield f"SQLite: {state}"
    for words, vector, recipe in rows:
        if vector is None:
            if recipe in models:
                yield f"no vector: {words!r} by {recipe}"
        elif not np.allclose(np.frombuffer(vector, "<f4"), embedder.embed_captions([words])[0], atol=1e-6):
            yield f"a wrong vector: {words!r} by {recipe}"
    for told in verify(place.folder, database, space=embedder.space):
        if isinstance(told, Finding):
            yield f"verify: {told.kind} {told.subject}: {told.message}"
