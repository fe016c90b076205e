"""Captions as words. Scores by different tokenizers cannot be compared, so which one it was is always said.

`ptb` is what the COCO evaluation uses: Stanford's Penn Treebank tokenizer, in Java, which `pycocoevalcap` carries.
`words` does nearly the same without Java.
"""

import re
import shutil
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Literal, get_args

from indexer.errors import ComponentError

TokenizerName = Literal["ptb", "words"]
TOKENIZERS: tuple[TokenizerName, ...] = get_args(TokenizerName)
NAMES = {"ptb": "ptb (Stanford CoreNLP 3.4.1, Java)", "words": "words (Shotlist's own, without Java)"}

_LAST = "end"  # a line that shows that all before it were done
_CLITIC = re.compile(r"(n't|'(?:s|re|ve|ll|d|m))(?![\w'])")
_TWO_IN_ONE = re.compile(r"\b(can)(not)\b|\b(gon|wan)(na)\b|\b(got)(ta)\b|\b(lem|gim)(me)\b")
_WORD = re.compile(r"n't|'(?:s|re|ve|ll|d|m)(?!\w)|(?:\w\.){2,}|\w+(?:[-./:,_]\w+)*|[^\w\s.?!,:;'\"`()\[\]{}…-]")


def require_library() -> str:
    """The kept library with its version. Raises `ComponentError` where it is not installed."""
    try:
        return f"pycocoevalcap {version('pycocoevalcap')}"
    except PackageNotFoundError:
        raise ComponentError(
            "scoring captions needs pycocoevalcap; install it with: pip install 'shotlist-video[evaluate]'"
        ) from None


def java() -> str | None:
    """Where Java is, if it is."""
    return shutil.which("java")


def choose_tokenizer(name: TokenizerName | None) -> TokenizerName:
    """The one that is asked for, else `ptb` where Java is. Raises `ComponentError` where that is asked for without."""
    if name == "ptb" and java() is None:
        raise ComponentError("the tokenizer ptb needs Java, which is not here: install it, or take --tokenizer words")
    return name or ("ptb" if java() else "words")


def tokenize(name: TokenizerName, texts: Sequence[str]) -> list[str]:
    """Lower-case words with spaces between them, one string a text, without punctuation. Raises `ComponentError` where
    Java does not do it."""
    return _by_java(texts) if name == "ptb" else [_words(text) for text in texts]


def _by_java(texts: Sequence[str]) -> list[str]:
    from pycocoevalcap.tokenizer.ptbtokenizer import PTBTokenizer

    told = {"all": [{"caption": " ".join(text.split())} for text in (*texts, _LAST)]}
    try:
        done = PTBTokenizer().tokenize(told).get("all", [])
    except OSError as error:  # it writes beside its own program
        raise ComponentError(f"the tokenizer ptb cannot work here ({error}); take --tokenizer words") from None
    if len(done) != len(texts) + 1 or done[-1] != _LAST:
        raise ComponentError(
            "Java did not tokenize the captions; see that `java -version` works, or take --tokenizer words"
        )
    return [str(one) for one in done[:-1]]


def _words(text: str) -> str:
    split = _TWO_IN_ONE.sub(lambda found: " ".join(filter(None, found.groups())), text.lower().replace("’", "'"))
    return " ".join(_WORD.findall(_CLITIC.sub(r" \1", split)))
