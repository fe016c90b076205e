"""What the words of one question weigh in one library."""

from collections.abc import Callable, Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise

from indexer.search.followed_words import FollowedWords
from indexer.store import Transaction, bm25, fulltext, vocabulary, words
from indexer.store.words import Token

ENDINGS = 30  # words a prefix is read as, the most frequent


@dataclass(frozen=True, slots=True)
class Corpus:
    """Texts of one kind, as this question sees them: {stem: texts that hold it}, and how many texts there are."""

    frequencies: Mapping[str, int]
    texts: int

    def weight(self, word: Sequence[str]) -> float:
        """The idf of a word, given as the stems it may stand for."""
        return max(bm25.idf(self.frequencies.get(stem, 0), self.texts) for stem in word)


@dataclass(frozen=True)
class Wording:
    """`asked` holds each word as the stems it may stand for: one for a plain word, many for `sunris*`."""

    asked: tuple[tuple[str, ...], ...]
    in_texts: Corpus
    in_names: Corpus
    in_cues: Corpus
    hard: frozenset[str]  # stems found in the library that the encoder cannot be trusted with
    hardness: float  # h of the ranking rule
    unknown: tuple[str, ...]  # words found nowhere, as typed
    asks_for_the_unknown: bool  # what the question turns on occurs nowhere
    corrections: Mapping[str, str]
    neighbours: tuple[tuple[str, str], ...] = ()  # stems of words that were typed side by side, stop words left out

    @property
    def knows_a_word(self) -> bool:
        """Whether any of the words is found in the library."""
        return any(
            corpus.frequencies.get(stem)
            for corpus in (self.in_texts, self.in_names, self.in_cues)
            for stem in self.stems
        )

    @cached_property
    def stems(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(chain.from_iterable(self.asked)))

    def share(self, found: Set[str]) -> float:
        """How much of the question's weight is found in a text that holds these stems, in 0..1."""
        held = sum(weight for word, weight in self._weighed if not found.isdisjoint(word))
        return held / sum(weight for _, weight in self._weighed) if self._weighed else 0.0

    def holds_every_word(self, stems: Set[str]) -> bool:
        """Whether a text of these stems holds each word that was asked for."""
        for word in self.asked:  # asked of every candidate: a generator costs three times as much
            if stems.isdisjoint(word):
                return False
        return bool(self.asked)

    def side_by_side(self, tokens: str) -> bool:
        """Whether two words that were typed side by side are so in these stems."""
        within = f" {tokens} "
        return any(f" {one} {other} " in within for one, other in self.neighbours)

    @cached_property
    def _weighed(self) -> list[tuple[tuple[str, ...], float]]:
        """Each word with its weight in the texts: every hit asks for them, more than once."""
        return [(word, self.in_texts.weight(word)) for word in self.asked]

    def top(self, corpus: Corpus) -> float:
        """What the BM25 score of a text with every word tends to. A word that occurs nowhere counts in full, so that it
        makes the rest less sure, not more."""
        return bm25.SATURATION * sum(map(corpus.weight, self.asked))

    def affordable(self, budget: int) -> list[str]:
        return bm25.rarest_within(budget, self.in_texts.frequencies)

    def weights(self) -> dict[str, float]:
        """{stem found in the texts: its idf}."""
        return {stem: self.in_texts.weight([stem]) for stem in self.in_texts.frequencies}


def read_wording(
    tx: Transaction,
    content: Sequence[Token],
    corrections: Mapping[str, str],
    splits: Callable[[str], bool],
    *,
    prefixes: Sequence[str] = (),
    words_of_texts: FollowedWords | None = None,
) -> Wording:
    """Count and weigh the words of a question in the texts, the names and the spoken words of the library.
    `words_of_texts` is the index of them, where there is one.

    A prefix is one word that may end in many ways: any of the most frequent words that begin so.
    """
    endings = {prefix: _endings(tx, prefix) for prefix in prefixes}
    plain = tuple((token.stem,) for token in content)
    asked = tuple(dict.fromkeys([*plain, *(stems for stems in endings.values() if stems)]))
    stems = tuple(dict.fromkeys(chain.from_iterable(asked)))
    in_names, in_cues = _corpus(tx, stems, of="videos"), _corpus(tx, stems, of="cues")
    if words_of_texts is None:
        in_texts = _corpus(tx, stems, of="segments")
    else:
        in_texts = Corpus(words_of_texts.frequencies(stems), words_of_texts.texts)
    doubtful = frozenset(token.stem for token in content if _is_hard(token.word, splits))
    hard = doubtful & {stem for stem in stems if in_texts.frequencies.get(stem)}
    known = {*in_texts.frequencies, *in_names.frequencies, *in_cues.frequencies}
    unknown = {token.stem: token.word for token in content if token.stem not in known}
    weights = {word: in_texts.weight(word) for word in asked}
    return Wording(
        asked=asked,
        in_texts=in_texts,
        in_names=in_names,
        in_cues=in_cues,
        hard=hard,
        hardness=sum(weights[word] for word in asked if word[0] in hard) / (sum(weights.values()) or 1.0),
        unknown=(*unknown.values(), *(f"{prefix}*" for prefix, found in endings.items() if not found)),
        asks_for_the_unknown=_asks_for_the_unknown(content, doubtful, unknown),
        corrections=corrections,
        neighbours=tuple(pairwise(token.stem for token in content)),
    )


def _endings(tx: Transaction, prefix: str) -> tuple[str, ...]:
    """The stems of the words that begin with `prefix`, each once."""
    found = vocabulary.words_beginning(tx, prefix, ENDINGS)
    return tuple(dict.fromkeys(token.stem for word in found for token in words.tokens(word)))


def _corpus(tx: Transaction, stems: Sequence[str], *, of: fulltext.Kind) -> Corpus:
    frequencies = fulltext.document_frequencies(tx, stems, of=of) if stems else {}
    return Corpus(frequencies, fulltext.document_count(tx, of=of) if frequencies or of != "cues" else 0)


def _asks_for_the_unknown(content: Sequence[Token], doubtful: Collection[str], unknown: Collection[str]) -> bool:
    """Whether every hard word is found nowhere, and the query turns on them: an identifier is among them, or they are
    most of it. One rare word in a sentence is no reason to say that nothing matches."""
    if not doubtful or not all(stem in unknown for stem in doubtful):
        return False
    identifier = any(character.isdigit() for stem in doubtful for character in stem)
    return identifier or 2 * len(doubtful) > len(content)


def _is_hard(word: str, splits: Callable[[str], bool]) -> bool:
    return any(character.isdigit() for character in word) or splits(word)
