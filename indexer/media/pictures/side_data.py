"""What decoders give beside a picture."""

from av.sidedata.sidedata import SideData
from av.video.frame import VideoFrame


def side_data(picture: VideoFrame, kind: str) -> bytes | None:
    """The content of a kind of side data, by PyAV's name of it; None where there is none.

    None too where there is also some that PyAV has no name for (Exif in Motion JPEG, for one): it then gives out none
    at all.
    """
    try:
        data = picture.side_data.get(kind)
    except ValueError:
        return None
    return bytes(data) if isinstance(data, SideData) else None
