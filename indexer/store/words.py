"""How texts become words: the one analyser for both databases, for what is indexed and for what is asked.

Letters are folded (no case, no diacritics, letters of their own such as l-stroke to their plain cousins), words are
runs of letters and digits, and words of three letters or more are stemmed with the Porter stemmer (M. F. Porter, "An
algorithm for suffix stripping", Program 14(3), 1980), as in the measured ranking rule.
"""

import re
import threading
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import Stemmer

from indexer.store.dates import FoundDate, find_dates

STOP_WORDS = frozenset(
    """
    a an the this that these those i you he she it we they me him her us them my your his its our their am is are was
    were be been being do does did have has had will would can could of in on at to for from by with into and or as
    there who which what where when
    """.split()  # noqa: SIM905 (a list of sixty quoted words is harder to read)
)
BREAK = "‖"  # an indexed token nobody can ask for; no phrase runs across it
EDGE = "·"  # stands before and after a word in its trigrams

_DIGIT = re.compile(r"[0-9]")
_LONGEST = 250  # letters of a word: more is no word, and too long for the databases; it counts as several
_WORD = re.compile(rf"[^\W_]{{1,{_LONGEST}}}")
_ATOM = re.compile(r"[^\W\d_]+|\d+")
_CHAIN = re.compile(r"[^\W_]+(?:[-‐_./][^\W_]+)*")
_SPACED = re.compile(r"(?<![^\W_])([^\W\d_]{1,4}) (\d{2,30})(?![^\W_])")
_SHORTEST_STEMMED = 3
_LONGEST = 250  # letters of a word that are indexed: no index of PostgreSQL takes an entry beyond 2.7 kB
_OWN_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "ı": "i", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ŋ": "n", "ƒ": "f", "ɨ": "i"}
    | {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word at `text[start:end]`, folded (`word`) and reduced to its stem."""

    stem: str
    word: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The words of `text`, in order. Never raises; spans index `text` itself, so words can be highlighted in it."""
    folded, origins = _fold(text)
    return [
        Token(_stem(match[0]), match[0], origins[match.start()], origins[match.end() - 1] + 1)
        for match in _WORD.finditer(folded)
    ]


def dated_tokens(text: str) -> list[Token]:
    """As `tokens`, but a date is one token, whose `word` is the date as ISO 8601 has it: what a query is looked up by.

    `12 April 1987`, `12.4.1987` and `1987-04-12` have one stem, which `index_text` gives every text with such a date;
    `April 1987` has another, which texts with that month and with any day of it have.
    """
    folded, origins = _fold(text)
    dates = [
        Token(_date_stems(one)[0], one.iso, origins[one.start], origins[one.end - 1] + 1) for one in find_dates(folded)
    ]
    others = [token for token in tokens(text) if all(token.end <= one.start or token.start >= one.end for one in dates)]
    return sorted([*dates, *others], key=lambda token: token.start) if dates else others


def phrase_stems(phrase: str) -> list[str]:
    """What a phrase is looked up by: its words one after another, or the one date that it is."""
    dated = dated_tokens(phrase)
    return [token.stem for token in (dated if len(dated) == 1 else tokens(phrase))]


def identifier_tokens(text: str) -> list[str]:
    """What identifiers are indexed by besides their words, each once: `BT-0431` also by bt0431, `BT0431` also by bt and
    0431, so that all ways to write one find each other."""
    return list(dict.fromkeys(form for group in _identifier_groups(fold(text)) for form in group))


def index_text(text: str) -> str:
    """What is indexed of `text`: its stems in order, then what its identifiers and its dates add, set apart from any
    phrase."""
    folded = fold(text)
    stems = list(map(_stem, _WORD.findall(folded)))
    groups = [*_identifier_groups(folded), *_date_groups(folded, stems)]
    added = (f"{BREAK} {' '.join(form[:_LONGEST] for form in group)}" for group in groups)
    return " ".join([*stems, *added])


def content_stems(text: str) -> frozenset[str]:
    """The stems of `text`, stop words aside."""
    return frozenset(_stem(word) for word in _WORD.findall(fold(text)) if word not in STOP_WORDS)


def surface_words(text: str) -> str:
    """The folded, unstemmed words of `text` and the forms of its identifiers, each once: what spelling is checked
    against, and what `BT04*` may end in."""
    folded = fold(text)
    forms = (form for group in _identifier_groups(folded) for form in group)
    return " ".join(dict.fromkeys(word[:_LONGEST] for word in (*_WORD.findall(folded), *forms)))


def trigrams(text: str) -> list[str]:
    """Three letters at a time of every word and identifier form, with marked edges: `man` gives ·ma, man, an·."""
    folded = fold(text)
    forms = [*_WORD.findall(folded), *(form for group in _identifier_groups(folded) for form in group)]
    padded = [f"{EDGE}{form}{EDGE}" for form in forms]
    return [one[start : start + 3] for one in padded for start in range(len(one) - 2)]


def same_name(one: str, other: str) -> bool:
    """Whether two names of fields are one: `Shot Date` and `shot_date` are. Names without any letter are like none."""
    joined = "".join(_WORD.findall(fold(one)))
    return bool(joined) and joined == "".join(_WORD.findall(fold(other)))


def is_token(text: str) -> bool:
    """Whether `text` could stand in an index: letters and digits alone, or a trigram of them."""
    return text.replace(EDGE, "").isalnum()


def fold(text: str) -> str:
    """`text` without case and diacritics, and with plain letters for letters that carry a stroke or are joined."""
    return _fold(text)[0]


def _fold(text: str) -> tuple[str, list[int] | range]:
    """The folded text, and for each of its characters the index in `text` it came from."""
    if text.isascii():
        return text.lower(), range(len(text))
    folded: list[str] = []
    origins: list[int] = []
    for index, character in enumerate(text):
        plain = _fold_character(character)
        folded.append(plain)
        origins.extend([index] * len(plain))
    return "".join(folded), origins


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    """Marks vanish instead of splitting the word they stand in."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(one for one in decomposed if not unicodedata.category(one).startswith("M")).translate(_OWN_LETTERS)


_of_thread = threading.local()  # a stemmer must not be shared between threads


@lru_cache(maxsize=1 << 15)
def _stem(word: str) -> str:
    if not _SHORTEST_STEMMED <= len(word) <= _LONGEST or not word.isalpha():
        return word[:_LONGEST]
    stemmer: Stemmer.Stemmer | None = getattr(_of_thread, "stemmer", None)
    if stemmer is None:
        stemmer = _of_thread.stemmer = Stemmer.Stemmer("porter")
    return str(stemmer.stemWord(word))


def _has_digit(folded: str) -> bool:
    return bool(_DIGIT.search(folded)) if folded.isascii() else any(character.isdigit() for character in folded)


def _identifier_groups(folded: str) -> list[list[str]]:
    """Further forms of each identifier; forms that stand together in the text stay together."""
    if not _has_digit(folded):
        return []
    groups = [group for chain in _CHAIN.findall(folded) for group in _forms(_WORD.findall(chain))]
    groups += [[letters + digits] for letters, digits in _SPACED.findall(folded) if letters not in STOP_WORDS]
    return list({tuple(group): group for group in groups}.values())


def _date_groups(folded: str, stems: Collection[str]) -> list[list[str]]:
    """What each date is found by besides its words, and its year where that is no word of its own."""
    if not _has_digit(folded):
        return []
    groups = ([*_date_stems(one), one.iso[:4]] for one in find_dates(folded))
    return list(filter(None, ([form for form in group if form not in stems] for group in groups)))


def _date_stems(one: FoundDate) -> list[str]:
    """A day is found as one number and by its month, a month as itself. A month is no mere number, as reels are."""
    month = one.month.replace("-", "m")
    return [month] if one.iso == one.month else [one.iso.replace("-", ""), month]


def _forms(runs: list[str]) -> Iterator[list[str]]:
    """Forms of runs that are written as one (`bt-0431`): each mixed run in parts, each two runs that meet at a border
    of letters and digits as one word."""
    atoms = [_ATOM.findall(run) for run in runs]
    for parts in atoms:
        if len(parts) > 1:
            yield [_stem(part) for part in parts]
    for (left, right), (left_parts, right_parts) in zip(pairwise(runs), pairwise(atoms), strict=True):
        if left_parts[-1].isdigit() != right_parts[0].isdigit():
            yield list(dict.fromkeys([left_parts[-1] + right_parts[0], left + right]))
