"""What the words of one query weigh in one library."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from indexer.search import fusion
from indexer.store import Transaction, fulltext
from indexer.store.words import Token


@dataclass(frozen=True, slots=True)
class Wording:
    stems: tuple[str, ...]
    in_captions: Mapping[str, int]  # segments each stem occurs in
    segments: int
    top_in_captions: float
    top_in_names: float
    hard: tuple[str, ...]  # stems found in the library that the encoder cannot be trusted with
    hardness: float  # h of the ranking rule
    unknown: tuple[str, ...]  # words found nowhere, as typed
    asks_for_the_unknown: bool  # what the query turns on occurs nowhere
    corrections: Mapping[str, str]

    def share(self, stems: Collection[str]) -> float:
        """How much of the query's weight these words carry, in 0..1."""
        return fusion.share_of_weight(stems, self.in_captions, self.segments)

    def affordable(self, budget: int) -> list[str]:
        return fusion.rarest_within_budget(self.in_captions, budget)


def read_wording(
    tx: Transaction,
    content: Sequence[Token],
    corrections: Mapping[str, str],
    splits: Callable[[str], bool],
) -> Wording:
    """Count and weigh the words of a query in the captions and the names of the library."""
    stems = tuple(token.stem for token in content)
    in_captions = dict.fromkeys(stems, 0) | fulltext.document_frequencies(tx, stems, of="segments")
    in_names = dict.fromkeys(stems, 0) | fulltext.document_frequencies(tx, stems, of="videos")
    segments, videos = fulltext.document_count(tx, of="segments"), fulltext.document_count(tx, of="videos")
    doubtful = [token.stem for token in content if _is_hard(token.word, splits)]
    hard = tuple(stem for stem in doubtful if in_captions[stem])
    unknown = {token.stem: token.word for token in content if not in_captions[token.stem] + in_names[token.stem]}
    return Wording(
        stems=stems,
        in_captions=in_captions,
        segments=segments,
        top_in_captions=fusion.saturated_top(in_captions, segments),
        top_in_names=fusion.saturated_top(in_names, videos),
        hard=hard,
        hardness=fusion.share_of_weight(hard, in_captions, segments),
        unknown=tuple(unknown.values()),
        asks_for_the_unknown=_asks_for_the_unknown(content, doubtful, unknown),
        corrections=corrections,
    )


def _asks_for_the_unknown(content: Sequence[Token], doubtful: Collection[str], unknown: Collection[str]) -> bool:
    """Whether every hard word is found nowhere, and the query turns on them: an identifier is among them, or they are
    most of it. One rare word in a sentence is no reason to say that nothing matches."""
    if not doubtful or not all(stem in unknown for stem in doubtful):
        return False
    identifier = any(character.isdigit() for stem in doubtful for character in stem)
    return identifier or 2 * len(doubtful) > len(content)


def _is_hard(word: str, splits: Callable[[str], bool]) -> bool:
    return any(character.isdigit() for character in word) or splits(word)
