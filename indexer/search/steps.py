"""The steps of `A THEN B`: each is a search of its own, and videos that are strong in one are looked through for the
others, so that a pair is found of which neither part is among the best of the library."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np

from indexer.search import candidates
from indexer.search.questions import Answer
from indexer.search.sequences import FOREVER_US, Candidate
from indexer.search.showing import Reason
from indexer.store import Transaction, hits
from indexer.store.allowed import both, without
from indexer.vector_index import Rows

STRONG_VIDEOS = 50  # of each step
LOOKED_THROUGH = 2_000  # segments of theirs, so that a shelf of long films costs no more than a bound


def best_of(answers: Sequence[Answer]) -> dict[int, Reason]:
    """`A OR B`: {segment row: the better reason for it}, the best first."""
    wording_of = {id(found): answer.wording for answer in answers for found in answer.found}
    best = candidates.best_of([answer.found for answer in answers])
    return {found.row: Reason(found, wording_of[id(found)]) for found in best}


def look_further(tx: Transaction, answers: Sequence[Answer], reasons: Mapping[int, Reason]) -> dict[int, Reason]:
    """`reasons` with what is found outside their videos, the best first: where a few videos hold all of the nearest
    segments, a listing of so many moments a video would end early."""
    videos = list({reason.found.video_row for reason in reasons.values()})
    within = chain.from_iterable(hits.segments_of_videos(tx, videos, allowed=None).values())
    seen = np.array(sorted(within), np.int64)
    further = [
        _again(answer, without(tx, answer.lookup.allowed, seen)) for answer in answers if answer.lookup is not None
    ]
    together = {**reasons, **best_of(further)}
    return dict(sorted(together.items(), key=lambda item: (-item[1].found.score, item[0])))


def gather(tx: Transaction, steps: Sequence[Sequence[Answer]]) -> list[dict[int, Reason]]:
    """{segment row: why} of each step, filled up in the videos that are strong in another."""
    reasons = [best_of(answers) for answers in steps]
    strong = [_segments_of_strong(tx, found) for found in reasons]
    for place, (answers, found) in enumerate(zip(steps, reasons, strict=True)):
        others = np.concatenate([rows for other, rows in enumerate(strong) if other != place])
        among = np.setdiff1d(others, np.fromiter(found, np.int64, len(found)))
        found |= best_of([_again(answer, among) for answer in answers])
    return reasons


def of_videos(steps: Sequence[Mapping[int, Reason]]) -> dict[int, list[list[Candidate]]]:
    """{video row: the candidates of each step}, of the videos that have some for all."""
    found: dict[int, list[list[Candidate]]] = {}
    for place, step in enumerate(steps):
        for row, reason in step.items():
            span = reason.found.span
            of_video = found.setdefault(span.video_row, [[] for _ in steps])
            end_us = FOREVER_US if span.end_us is None else span.end_us
            of_video[place].append(Candidate(row, span.start_us, end_us, reason.found.score))
    return {video: of_steps for video, of_steps in found.items() if all(of_steps)}


def _segments_of_strong(tx: Transaction, reasons: Mapping[int, Reason]) -> Rows:
    """The segments of the videos that are best in one step."""
    videos = list(dict.fromkeys(reason.found.video_row for reason in reasons.values()))[:STRONG_VIDEOS]
    return np.array(hits.first_segments_of_videos(tx, videos, most=LOOKED_THROUGH), np.int64)


def _again(answer: Answer, among: Rows) -> Answer:
    """What a question finds among these alone; their places say nothing of the library, and are left out."""
    allowed = both(answer.lookup.allowed, among) if answer.lookup else None
    if answer.lookup is None or allowed is None or not len(allowed):
        return replace(answer, found=())
    found = candidates.rank(replace(answer.lookup, allowed=allowed), answer.question, answer.wording)
    return replace(answer, found=[one._replace(places={}) for one in found])
