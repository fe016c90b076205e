"""Write a picture as JPEG."""

import io

from indexer.domain import Pixels


def encode_jpeg(pixels: Pixels, *, quality: int = 88) -> bytes:
    """The bytes of a JPEG file of (height, width, 3) RGB pixels. `quality` runs from 1 to 95."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels, "RGB").save(file, "JPEG", quality=quality, optimize=True)
    return file.getvalue()
