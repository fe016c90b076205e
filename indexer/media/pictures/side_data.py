"""What decoders give beside a picture."""

from typing import Any, cast

from av.sidedata.sidedata import SideData, SideDataContainer
from av.video.frame import VideoFrame

_NO_PICTURE = VideoFrame(16, 16, "gray")


def side_data(picture: VideoFrame, kind: str) -> bytes | None:
    """The content of a kind of side data, by PyAV's name of it; None where there is none.

    None too where there is also some that PyAV has no name for (Exif in Motion JPEG, for one): it then gives out none
    at all.
    """
    try:
        held = cast("SideDataContainer", picture.side_data)
    except ValueError:
        return None
    # The picture and this would hold each other until Python looks for such rings: meanwhile the decoder gets none of
    # its buffers back, which costs a fifth of a decode, and gigabytes with large pictures.
    _refer(held, picture)
    data = held.get(kind)
    content = bytes(data) if isinstance(data, SideData) else None
    del data
    _refer(held, _NO_PICTURE)
    return content


def _refer(held: SideDataContainer, picture: VideoFrame) -> None:
    """Make a picture's container, which it keeps for good, one of this picture's side data."""
    cast("Any", SideDataContainer).__init__(held, picture)
