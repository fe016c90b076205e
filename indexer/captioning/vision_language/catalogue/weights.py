"""Safetensors files, looked at without loading them: https://github.com/huggingface/safetensors (format).

A file begins with eight bytes that give the length of its header; the header is JSON that names every tensor with its
type, shape and place among the bytes that follow.
"""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_MOST_HEADER: Final = 100_000_000  # bytes; the format's own limit


class DamagedWeightsError(Exception):
    """`args[0]`: the name of the file."""


def weight_files(folder: Path) -> list[Path]:
    """The files that loading would read, there or not: the shards of the index, else `model`, else all.

    Raises `DamagedWeightsError` for an index that names none.
    """
    index = folder / "model.safetensors.index.json"
    if index.is_file():
        try:
            shards = set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise DamagedWeightsError(index.name) from None
        return sorted(folder / Path(str(shard)).name for shard in shards)
    whole = folder / "model.safetensors"
    return [whole] if whole.is_file() else sorted(folder.glob("*.safetensors"))


def require_whole(file: Path) -> None:
    """Raise `DamagedWeightsError` where a file is not as long as its header says: a download that was cut short."""
    _tensors(file)


def count_parameters(folder: Path) -> int:
    """Of the model in this folder, packed ones counted by what they are packed in."""
    return sum(math.prod(shape) for file in weight_files(folder) for shape in _tensors(file))


def _tensors(file: Path) -> list[list[int]]:
    """Their shapes."""
    try:
        with file.open("rb") as opened:
            length = int.from_bytes(opened.read(8), "little")
            header = json.loads(opened.read(length)) if 0 < length <= _MOST_HEADER else None
        if not isinstance(header, Mapping):
            raise ValueError("no header")
        tensors = [tensor for name, tensor in header.items() if name != "__metadata__"]
        end = max((int(tensor["data_offsets"][1]) for tensor in tensors), default=0)
        shapes = [[int(side) for side in tensor["shape"]] for tensor in tensors]
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        raise DamagedWeightsError(file.name) from None
    if file.stat().st_size != 8 + length + end:
        raise DamagedWeightsError(file.name)
    return shapes
