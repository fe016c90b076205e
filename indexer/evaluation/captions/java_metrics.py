"""METEOR 1.5 (Denkowski and Lavie 2014) and SPICE (Anderson et al. 2016): Java programs that `pycocoevalcap` starts."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np

from indexer.errors import ComponentError
from indexer.evaluation.captions.counts import Floats
from indexer.evaluation.captions.tokenizers import java

_NO_JAVA = "it needs Java, which is not here"
_MODELS = ("stanford-corenlp-3.6.0.jar", "stanford-corenlp-3.6.0-models.jar")
_NO_MODELS = (
    "it needs Stanford CoreNLP 3.6.0, which is not here and not fetched unasked (about 400 MB); fetch it with: "
    "python -c 'from pycocoevalcap.spice.get_stanford_models import get_stanford_models as get; get()'"
)


class Meteor:
    """One running program, for any number of scores. Loading its paraphrases takes some seconds."""

    def __init__(self) -> None:
        from pycocoevalcap.meteor.meteor import Meteor as Program

        self._program: _Program = Program()

    def count(self, candidates: Sequence[str], references: Sequence[Sequence[str]]) -> Floats:
        """(V, 23) statistics that add up. Raises `ComponentError` where the program ends."""
        rows = [self._program._stat(text, list(texts)) for text, texts in zip(candidates, references, strict=True)]
        if not all(rows):
            raise ComponentError(_FAILED)
        return np.array([[float(value) for value in row.split()] for row in rows])

    def score(self, sums: Floats) -> Floats:
        """(B, 23) statistics -> (B,) scores."""
        asked = " ||| ".join(" ".join(map(str, row)) for row in sums)
        pipes = self._program.meteor_p
        pipes.stdin.write(f"EVAL ||| {asked}\n".encode())
        pipes.stdin.flush()
        told = [pipes.stdout.readline() for _ in range(len(sums) + 1)]  # the last: of all of them together
        if not all(told):
            raise ComponentError(_FAILED)
        return np.array([float(line) for line in told[:-1]])


_FAILED = "METEOR's program has ended; see that `java -version` works and 2 GB of memory are free"


class _Readable(Protocol):
    def readline(self) -> bytes: ...


class _Writable(Protocol):
    def write(self, data: bytes, /) -> int: ...
    def flush(self) -> None: ...


class _Pipes(Protocol):
    stdin: _Writable
    stdout: _Readable


class _Program(Protocol):
    meteor_p: _Pipes

    def _stat(self, hypothesis_str: str, reference_list: list[str]) -> str: ...


def meteor_is_missing() -> str | None:
    """Why there can be no METEOR here."""
    return None if java() else _NO_JAVA


def spice_is_missing() -> str | None:
    """Why there can be no SPICE here."""
    if java() is None:
        return _NO_JAVA
    found = find_spec("pycocoevalcap")
    places = found.submodule_search_locations if found else None
    folder = Path(next(iter(places or ()), ".")) / "spice" / "lib"
    return None if all((folder / name).is_file() for name in _MODELS) else _NO_MODELS


def spice(candidates: Sequence[str], references: Sequence[Sequence[str]]) -> Floats:
    """(V,) scores, 0..1. Raises `ComponentError` where the program fails: it wants 8 GB of memory and Java 8 to 11."""
    from pycocoevalcap.spice.spice import Spice

    right = {number: list(texts) for number, texts in enumerate(references)}
    try:
        _, scores = Spice().compute_score(right, {number: [text] for number, text in enumerate(candidates)})
    except Exception as error:  # whatever ails an outside program
        raise ComponentError(f"SPICE failed ({error}); it wants 8 GB of memory and Java 8 to 11") from error
    return np.nan_to_num(np.array([one["All"]["f"] for one in scores], np.float64))
