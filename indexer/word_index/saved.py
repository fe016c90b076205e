"""How an index of words lies in a file: a short header, then plain arrays, used where they lie; the wider numbers come
first, so that each lies at a multiple of its width.

Nothing is read before it is asked for, so a file of a hundred megabytes is open in a millisecond. Such a file is never
changed once it is written, only deleted, which those who have it open do not notice.
"""

import mmap
import struct
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.errors import LibraryError
from indexer.word_index.index import WordIndex
from indexer.word_index.vocabulary import Vocabulary

_KIND = b"shotlist words 1"
_HEADER = struct.Struct("<16sd4q")  # kind, mean length; number of documents, stems, postings, letters
Number = TypeVar("Number", bound=np.generic)


def save(index: WordIndex, path: Path) -> None:
    """Write to `path`; the caller owns atomicity."""
    words = index.vocabulary
    counts = (len(index.documents), len(words), len(index.positions), len(words.letters))
    with path.open("wb") as file:
        file.write(_HEADER.pack(_KIND, index.mean_length, *counts))
        for array in (index.documents, index.starts, words.borders, index.positions, index.impacts, words.letters):
            file.write(np.ascontiguousarray(array).data)


def load(path: Path) -> WordIndex:
    """What `save` wrote. Raises `LibraryError`: the file is missing, cut short or of another kind.

    What is wrong within an array is not noticed: the sum of all bytes is for whoever publishes the file to know.
    """
    try:
        with path.open("rb") as file:
            return _read(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except (OSError, ValueError, struct.error) as error:  # mmap and NumPy raise ValueError of what is too short
        raise LibraryError(f"the index of words {path} cannot be read ({error}); {_REBUILD}") from error


def _read(content: mmap.mmap) -> WordIndex:
    kind, mean_length, documents, stems, postings, letters = _HEADER.unpack_from(content)
    if kind != _KIND or not mean_length > 0 or min(documents, stems, postings, letters) < 0:
        raise ValueError("it is of another kind")
    arrays = _Arrays(content)
    rows, starts = arrays.read(np.int64, documents), arrays.read(np.int64, stems + 1)
    borders = arrays.read(np.int64, stems + 1)
    positions, impacts = arrays.read(np.int32, postings), arrays.read(np.float32, postings)
    vocabulary = Vocabulary(arrays.read(np.uint8, letters), borders)
    if arrays.end != len(content):
        raise ValueError("it is longer than it says")
    return WordIndex(rows, vocabulary, starts, positions, impacts, mean_length)


class _Arrays:
    """The arrays after the header, one by one: views of the file, not copies."""

    def __init__(self, content: mmap.mmap) -> None:
        self._content = content
        self.end = _HEADER.size

    def read(self, number: type[Number], length: int) -> NDArray[Number]:
        """Raises `ValueError` where the file is shorter."""
        array = np.frombuffer(self._content, number, length, self.end)
        self.end += array.nbytes
        return array


_REBUILD = "rebuild it with `shotlist reindex`"
