"""BLEU, ROUGE-L and CIDEr-D once more, from their papers and shortly: what the kept library is checked against."""

from collections import Counter
from collections.abc import Sequence
from math import exp, log, prod, sqrt

Words = Sequence[str]
Gram = tuple[str, ...]


def grams(words: Words, n: int) -> Counter[Gram]:
    return Counter(tuple(words[k : k + n]) for k in range(len(words) - n + 1))


def bleu(candidates: Sequence[Words], references: Sequence[Sequence[Words]]) -> list[float]:
    """Papineni et al. 2002: BLEU-1 to BLEU-4 of a corpus; of two references as near in length the shorter counts."""
    length = sum(map(len, candidates))
    nearest = sum(
        min((abs(len(r) - len(c)), len(r)) for r in rs)[1] for c, rs in zip(candidates, references, strict=True)
    )
    penalty = 1.0 if length >= nearest else exp(1 - nearest / length)
    precisions = []
    for n in range(1, 5):
        right = written = 0
        for words, several in zip(candidates, references, strict=True):
            most: Counter[Gram] = Counter()
            for one in several:
                most |= grams(one, n)
            own = grams(words, n)
            right += sum((own & most).values())
            written += sum(own.values())
        precisions.append(right / written)
    return [penalty * prod(precisions[:n]) ** (1 / n) for n in range(1, 5)]


def rouge_l(words: Words, references: Sequence[Words]) -> float:
    """Lin 2004, as for several references in COCO: the best precision and the best recall, whoever's, with beta 1.2."""
    if not words:
        return 0.0
    common = [longest_common(words, one) for one in references]
    precision = max(common) / len(words)
    recall = max(shared / len(one) for shared, one in zip(common, references, strict=True))
    return (1 + 1.44) * precision * recall / (recall + 1.44 * precision) if precision else 0.0


def longest_common(one: Words, other: Words) -> int:
    """The length of the longest common subsequence, by Hunt and Szymanski 1977: the ends of the shortest starts."""
    places: dict[str, list[int]] = {}
    for place in range(len(other) - 1, -1, -1):
        places.setdefault(other[place], []).append(place)
    ends: list[int] = []
    for word in one:
        for place in places.get(word, ()):
            k = next((k for k, end in enumerate(ends) if end >= place), len(ends))
            ends[k : k + 1] = [place]
    return len(ends)


def cider_d(candidates: Sequence[Words], references: Sequence[Sequence[Words]]) -> list[float]:
    """Vedantam et al. 2015, equation 5: for each video, 0..10."""
    seen: Counter[Gram] = Counter()
    for several in references:
        seen.update({gram for one in several for n in range(1, 5) for gram in grams(one, n)})
    videos = len(references)

    def vector(words: Words, n: int) -> dict[Gram, float]:
        return {gram: times * log(videos / max(seen[gram], 1)) for gram, times in grams(words, n).items()}

    def likeness(words: Words, one: Words, n: int) -> float:
        own, other = vector(words, n), vector(one, n)
        size = sqrt(sum(v * v for v in own.values())) * sqrt(sum(v * v for v in other.values()))
        shared = sum(min(value, other[gram]) * other[gram] for gram, value in own.items() if gram in other)
        return exp(-((len(words) - len(one)) ** 2) / (2 * 6**2)) * shared / size if size else 0.0

    return [
        10 * sum(likeness(words, one, n) for one in several for n in range(1, 5)) / (4 * len(several))
        for words, several in zip(candidates, references, strict=True)
    ]
