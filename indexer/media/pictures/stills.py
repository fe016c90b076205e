"""Open a picture that somebody gives to be compared with footage."""

from pathlib import Path

import numpy as np

from indexer.domain import Pixels
from indexer.errors import UsageError

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PIXELS = 36_000_000
LONGEST_SIDE = 1024  # more than any image embedder looks at


def read_picture(file: Path) -> Pixels:
    """A JPEG, PNG or WebP, upright: (height, width, 3) uint8 RGB, no side longer than 1024.

    Its size is looked at before it is decoded. Raises `UsageError` for what cannot be read.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(file, formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise UsageError(f"{file} is larger than 36 megapixels; make it smaller")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except FileNotFoundError:
        raise UsageError(f"there is no picture {file}") from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise UsageError(f"{file} cannot be read as a JPEG, PNG or WebP picture") from None
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return np.asarray(upright, np.uint8)
