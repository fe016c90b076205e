"""Queries answered: what was typed is read, each of its questions ranked, the best shown as moments or chains."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Literal

import numpy as np

from indexer.domain import Filters, Hit, Listing, Pixels, SearchResult, SegmentId
from indexer.embedding import Embedder, ImageEmbedder
from indexer.errors import ComponentError, UsageError
from indexer.library_folder import LibraryFolder
from indexer.search import candidates
from indexer.search.candidates import Found, unranked
from indexer.search.indexed_words import IndexedWords
from indexer.search.levels import read_levels
from indexer.search.moments import each_alone, limit_each_video, list_moments
from indexer.search.nearest import NearestCaptions
from indexer.search.pictures import InSpace, MakeImageEmbedder, Pictures
from indexer.search.query import SearchQuery, parse, remark_on
from indexer.search.questions import Answer, Asking, ask, begin
from indexer.search.sequences import best_chains
from indexer.search.showing import Reason, Shelf, show_chains, show_moments, strongest
from indexer.search.similar import Way, find_similar, own_vectors, say_how_near
from indexer.search.standing import is_in_vain, strength_of_all
from indexer.search.steps import best_of, gather, look_further, of_videos
from indexer.search.unmet import Unmet, find_unmet
from indexer.search.vectors_of_questions import QuestionVectors
from indexer.search.wording import Corpus, Wording
from indexer.store import Database, Transaction, cues, hits
from indexer.store.active_segments import segment_rows
from indexer.store.allowed import allowed_segments, both
from indexer.store.stated_values import known_fields
from indexer.vector_index import Rows

MOMENTS_EACH = 3
EACH_VIDEO: Mapping[Listing, int | None] = {"segments": None, "moments": MOMENTS_EACH, "videos": 1}
NO_WORDS = Wording(
    (), Corpus({}, 0), Corpus({}, 0), Corpus({}, 0), frozenset(), 0.0, (), asks_for_the_unknown=False, corrections={}
)


def no_image_embedder(name: str) -> ImageEmbedder:
    raise ComponentError(f"the image embedder {name!r} cannot be made here")


@dataclass
class Searcher:
    """Answers queries over one library. Safe to share between threads."""

    folder: LibraryFolder
    database: Database
    make_embedder: Callable[[], Embedder]  # asked each time: another may have taken its place
    make_image_embedder: MakeImageEmbedder = no_image_embedder
    _nearest: NearestCaptions = field(init=False)
    _words: IndexedWords = field(init=False)
    _pictures: Pictures = field(init=False)
    _vectors: QuestionVectors = field(default_factory=QuestionVectors)

    def __post_init__(self) -> None:
        self._nearest = NearestCaptions(self.folder)
        self._words = IndexedWords(self.folder)
        self._pictures = Pictures(self.make_image_embedder)

    def search(
        self,
        typed: str,
        *,
        filters: Filters,
        limit: int,
        listing: Listing = "moments",
        per_video: int | None = None,
    ) -> SearchResult:
        """The best `limit` moments for what was typed, among those that pass `filters` and the filters typed.

        At most `per_video` of one video; None: one where videos are listed, else three moments, or any number of
        segments, or of moments where one video alone is searched.
        """
        embedder = self.make_embedder()
        with self.database.read() as tx:
            fields = known_fields(tx)
            query = parse(typed, fields=fields)
            begin(query.questions, embedder, self._vectors)
            allowed = both(allowed_segments(tx, query.filters), allowed_segments(tx, filters))
            unmet = find_unmet(tx, (query.filters, filters), passing=allowed)
            remarks = remark_on(typed, fields)
            shelf = _shelf(tx, self.folder, embedder, filters, query.filters)
            if not any(query.questions):
                asked = bool(filters or query.filters)
                newest = _newest(shelf, allowed, listing, limit=limit, per_video=per_video) if asked else []
                return _told(_result(shelf, query, (), newest), remarks, unmet)
            words = self._words.read(tx)
            asking = Asking(tx, embedder, self._vectors, self._nearest, words, self._pictures, allowed)
            answers = [[ask(asking, question) for question in step.alternatives] for step in query.steps]
            if per_video is None and not _in_one_video(filters, query.filters):
                per_video = EACH_VIDEO[listing]
            if len(answers) == 1:
                (some,) = answers
                reasons = best_of(some)
                neighbours: Literal["joined", "apart"] = (
                    "apart" if _ask_for_lengths(filters, query.filters) else "joined"
                )
                moments = list_moments(_found(reasons), listing, per_video=per_video, neighbours=neighbours)
                if len(moments) < limit and len(reasons) >= candidates.MOST and per_video is not None:
                    reasons = look_further(tx, some, reasons)
                    moments = list_moments(_found(reasons), listing, per_video=per_video, neighbours=neighbours)
                shown = show_moments(shelf, moments[:limit], reasons)
            else:
                waits = [step.within_us for step in query.steps]
                chains = _chains(tx, answers, waits, per_video=per_video)
                shown = show_chains(shelf, list(islice(chains, limit)))
            return _told(_result(shelf, query, answers, shown), remarks, unmet)

    def browse(self, *, filters: Filters, limit: int, listing: Listing = "segments") -> Sequence[Hit]:
        """Segments that pass, of the newest video first, in order of time inside each; of videos the first of each."""
        embedder = self.make_embedder()
        with self.database.read() as tx:
            shelf = _shelf(tx, self.folder, embedder, filters)
            return _newest(shelf, allowed_segments(tx, filters), listing, limit=limit)

    def similar(self, segment: SegmentId, *, filters: Filters, limit: int) -> SearchResult:
        """Moments like a segment, by its text and its pictures: not the moment it is in, nor repeats of that. Raises
        `UsageError` where there is nothing yet to compare it by."""
        embedder = self.make_embedder()
        with self.database.read() as tx:
            row = segment_rows(tx, [segment]).get(segment)
            pictures = self._pictures.space(tx)
            ways: dict[Way, str] = {"picture": pictures} if pictures else {}
            vectors = own_vectors(tx, row, ways | {"meaning": embedder.space}) if row is not None else {}
            if row is None or not vectors:
                raise UsageError("there is nothing yet to compare this moment by; shotlist worker makes the vectors")
            return self._like(_shelf(tx, self.folder, embedder, filters), vectors, filters, limit=limit, itself=row)

    def like_picture(self, picture: Pixels, *, filters: Filters, limit: int) -> SearchResult:
        """Moments that look like a picture. Raises `UsageError` where no keyframe can be compared with it yet, and
        `ComponentError` where the image embedder is not on this machine."""
        embedder = self.make_embedder()
        with self.database.read() as tx:
            vectors: dict[Way, InSpace] = {"picture": self._pictures.of_picture(tx, picture)}
            return self._like(_shelf(tx, self.folder, embedder, filters), vectors, filters, limit=limit)

    def why_no_pictures(self) -> str | None:
        """Why `like_picture` has nothing to compare with, and what to do; None where it has."""
        with self.database.read() as tx:
            return self._pictures.lacking(tx)

    def _like(
        self,
        shelf: Shelf,
        vectors: Mapping[Way, InSpace],
        filters: Filters,
        *,
        limit: int,
        itself: int | None = None,
    ) -> SearchResult:
        """The row `itself` is compared with the others, so that what belongs to its moment is known."""
        allowed = allowed_segments(shelf.tx, filters)
        if allowed is not None and itself is not None:
            allowed = np.union1d(allowed, [itself])
        found = find_similar(shelf.tx, self._nearest, vectors, allowed=allowed)
        others = [one for one in list_moments(found, "moments", per_video=None) if itself not in one.rows]
        if not _in_one_video(filters):
            others = limit_each_video(others, MOMENTS_EACH)
        of_segment = {one.span.id: one for one in found}
        shown = [
            say_how_near(hit, of_segment[hit.segment], shelf.levels)
            for hit in show_moments(shelf, others[:limit], _without_words(found))
        ]
        return SearchResult(tuple(shown), strongest(hit.strength for hit in shown), (), "")


def _shelf(tx: Transaction, folder: LibraryFolder, embedder: Embedder, *filters: Filters) -> Shelf:
    """`filters` are all that hold, typed or not."""
    facets = tuple(chain.from_iterable(one.facets for one in filters))
    counted = tuple(chain.from_iterable(one.at_least for one in filters))
    below = next((one.folder for one in filters if one.folder is not None), None)
    return Shelf(tx, folder, read_levels(tx, embedder.space), Filters(folder=below, facets=facets, at_least=counted))


def _newest(
    shelf: Shelf, allowed: Rows | None, listing: Listing, *, limit: int, per_video: int | None = None
) -> list[Hit]:
    """What passes, with nothing to rank it by: segments, and where a number of each video is asked for the first ones,
    the last of these with the count of the others."""
    each = 1 if listing == "videos" and per_video is None else per_video
    if each is None:
        return _show_unranked(shelf, hits.browse(shelf.tx, allowed=allowed, limit=limit))
    of_videos = hits.browse_videos(shelf.tx, allowed=allowed, limit=limit)
    first = [row for rows in of_videos.values() for row in rows[:each]][:limit]
    others = {rows[:each][-1]: len(rows) - len(rows[:each]) for rows in of_videos.values()}
    shown = _show_unranked(shelf, first)
    return [replace(hit, more=others.get(row, 0)) for hit, row in zip(shown, first, strict=True)]


def _show_unranked(shelf: Shelf, rows: Sequence[int]) -> list[Hit]:
    lines = cues.first_lines(shelf.tx, rows)
    newest = unranked(shelf.tx, rows)
    found = [one._replace(cues=dict([lines[one.row]])) if one.row in lines else one for one in newest]
    return show_moments(shelf, each_alone(found), _without_words(found))


def _without_words(found: Iterable[Found]) -> dict[int, Reason]:
    return {one.row: Reason(one, NO_WORDS) for one in found}


def _found(reasons: Mapping[int, Reason]) -> list[Found]:
    return [reason.found for reason in reasons.values()]


def _chains(
    tx: Transaction, answers: Sequence[Sequence[Answer]], waits: Sequence[int | None], *, per_video: int | None
) -> Iterator[tuple[float, list[Reason]]]:
    """The score and the reasons of each chain, best first."""
    steps = gather(tx, answers)
    for found in best_chains(of_videos(steps), within_us=waits, per_video=per_video):
        yield found.score, [reasons[link.row] for reasons, link in zip(steps, found.links, strict=True)]


def _ask_for_lengths(*filters: Filters) -> bool:
    return any(one.longer_us is not None or one.shorter_us is not None for one in filters)


def _in_one_video(*filters: Filters) -> bool:
    return any(len(one.videos) == 1 for one in filters)


def _result(
    shelf: Shelf, query: SearchQuery, answers: Sequence[Sequence[Answer]], shown: Sequence[Hit]
) -> SearchResult:
    """Nothing matches where what some step turns on is found nowhere, however near the nearest are."""
    steps = zip(query.steps, answers, strict=False)
    as_read = [replace(step, alternatives=tuple(one.question for one in some)) for step, some in steps]
    every = list(chain.from_iterable(answers))
    unknown = chain.from_iterable(one.unknown for one in every)
    corrections = chain.from_iterable(one.corrections for one in every)
    in_vain = any(all(is_in_vain(one, shelf.levels) for one in some) for some in answers)
    of_all = strength_of_all(every, shelf.levels) if len(answers) == 1 and shown else "none"
    return SearchResult(
        tuple(shown),
        "none" if in_vain else strongest([of_all, *(hit.strength for hit in shown)]),
        tuple(dict.fromkeys(unknown)),
        replace(query, steps=tuple(as_read) or query.steps).read_as,
        tuple(dict.fromkeys(corrections)),
        query.typed_filters,
    )


def _told(result: SearchResult, remarks: Sequence[str], unmet: Sequence[Unmet]) -> SearchResult:
    return replace(
        result,
        remarks=(*remarks, *(one.told for one in unmet)),
        unmet_filters=tuple(one.typed for one in unmet if one.typed),
    )
