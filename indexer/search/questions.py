"""One question of a query, put to the library: its words corrected, what it rules out ruled out, the rest ranked."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from indexer.domain import Correction
from indexer.embedding import Embedder
from indexer.search.candidates import Found, Lookup, rank, unranked
from indexer.search.followed_words import FollowedWords
from indexer.search.nearest import NearestCaptions
from indexer.search.pictures import Pictures
from indexer.search.query import Question
from indexer.search.spelling import correct_question
from indexer.search.vectors_of_questions import QuestionVectors
from indexer.search.wording import Wording, read_wording
from indexer.store import Transaction, fulltext, hits, words
from indexer.store.allowed import both, without
from indexer.store.gathering import each_once
from indexer.vector_index import Rows

_APART = re.compile(r'[\s()\[\]{}<>"]+')
_OUTER = re.compile(r"^[\W_]+|[\W_]+$")
UNRANKED = 200  # segments taken, of the newest videos first, where there is nothing to rank by


@dataclass(frozen=True, slots=True)
class Asking:
    """What every question of one query is put to. `allowed` are the rows that pass the filters; None: all."""

    tx: Transaction
    embedder: Embedder
    vectors: QuestionVectors
    nearest: NearestCaptions
    words: FollowedWords | None
    pictures: Pictures
    allowed: Rows | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A question as it was read, and what it found, best first. `lookup` is None where nothing was ranked."""

    question: Question
    wording: Wording
    found: Sequence[Found]
    lookup: Lookup | None

    @property
    def unknown(self) -> tuple[str, ...]:
        """What is found nowhere, as it was typed: `BT-9999`, of which `BT` may be found."""
        nowhere = set(self.wording.unknown)
        named = []
        for typed in _APART.split(self.question.text):
            parts = {token.word for token in words.dated_tokens(typed)}
            if parts & nowhere:
                named.append(_OUTER.sub("", typed))
                nowhere -= parts
        return (*named, *(one for one in self.wording.unknown if one in nowhere))

    @property
    def corrections(self) -> tuple[Correction, ...]:
        return tuple(Correction(typed, read) for typed, read in self.wording.corrections.items())


def begin(questions: Iterable[Question], embedder: Embedder, vectors: QuestionVectors) -> None:
    """Embed what was typed beside all that is read first. Seldom is any of it corrected; what is, is embedded anew."""
    for question in questions:
        if text := _embedded(question):
            vectors.begin(embedder, text)


def ask(asking: Asking, question: Question) -> Answer:
    """Rank the library by one question."""
    tx = asking.tx
    allowed = _allowed(tx, question, asking.allowed)
    question, corrections = correct_question(
        question, known=lambda some: fulltext.known_words(tx, some), splits=asking.embedder.splits
    )
    wording = read_wording(
        tx,
        question.content,
        corrections,
        asking.embedder.splits,
        prefixes=question.prefixes,
        words_of_texts=asking.words,
    )
    text = _embedded(question)
    if not text:
        return Answer(question, wording, unranked(tx, hits.browse(tx, allowed=allowed, limit=UNRANKED)), None)
    vector = asking.vectors.begin(asking.embedder, text)
    pictures = asking.pictures.of_text(tx, text)
    lookup = Lookup(tx, asking.embedder.space, vector, allowed, asking.nearest, asking.words, pictures)
    return Answer(question, wording, rank(lookup, question, wording), lookup)


def _embedded(question: Question) -> str:
    return question.text or " ".join(question.prefixes)


def _allowed(tx: Transaction, question: Question, allowed: Rows | None) -> Rows | None:
    """The segment rows that may be hits (sorted), or None where all may."""
    for phrase in question.phrases:
        allowed = both(allowed, fulltext.phrase_segments(tx, phrase))
    if question.excluded:
        excluded = [fulltext.phrase_segments(tx, phrase) for phrase in question.excluded]
        allowed = without(tx, allowed, each_once(np.concatenate(excluded)))
    return allowed
