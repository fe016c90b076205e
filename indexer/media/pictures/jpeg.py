"""Write a picture as JPEG, and know it again."""

import io
from pathlib import Path

import numpy as np

from indexer.domain import Pixels

_END = b"\xff\xd9"
_SIDE = 32
_ALIKE = 6.0  # of 255, the mean difference: JPEG and another encoding make 1 to 2, another picture tens


def encode_jpeg(pixels: Pixels, *, quality: int = 88) -> bytes:
    """The bytes of a JPEG file of (height, width, 3) RGB pixels. `quality` runs from 1 to 95."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels, "RGB").save(file, "JPEG", quality=quality, optimize=True)
    return file.getvalue()


def is_same_picture(file: Path, pixels: Pixels) -> bool:
    """Whether a stored picture shows what (height, width, 3) RGB pixels show; an unreadable one does not."""
    from PIL import Image

    try:
        with Image.open(file, formats=["JPEG"]) as stored:
            before = np.asarray(stored.convert("RGB").resize((_SIDE, _SIDE)), np.float32)
    except (OSError, SyntaxError):
        return False
    now = np.asarray(Image.fromarray(pixels, "RGB").resize((_SIDE, _SIDE)), np.float32)
    return bool(np.abs(before - now).mean() < _ALIKE)


def is_whole_jpeg(file: Path) -> bool:
    """Whether a file is there, and is a JPEG that can be decoded to its end."""
    from PIL import Image

    try:
        with Image.open(file, formats=["JPEG"]) as stored:
            stored.draft("RGB", (1, 1))  # reads every byte, and works out an eighth of the pixels
            stored.load()
        with file.open("rb") as content:
            content.seek(-len(_END), 2)
            return content.read() == _END  # what was cut or blanked behind a valid beginning is decoded as grey
    except (OSError, SyntaxError, ValueError):
        return False
