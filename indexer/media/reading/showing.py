"""A decoded picture as people see it."""

from av.video.frame import VideoFrame

from indexer.domain import Frame
from indexer.media.pictures.deinterlacing import deinterlaced
from indexer.media.pictures.scaling import Scaler, fitted, shown_size
from indexer.media.reading.opening import refuse_too_large
from indexer.media.reading.placing import TimedPicture


def shown(timed: TimedPicture, *, before: VideoFrame | None, scaler: Scaler, longest_side: int) -> Frame:
    """In displayed shape, upright, deinterlaced (`before` is the picture before it), scaled down so that no side is
    longer than `longest_side`, never up. Raises `MediaRefused`: too_large, no_frames."""
    refuse_too_large(timed.picture.width, timed.picture.height)
    size = fitted(shown_size(timed.picture, timed.pixel_shape), longest_side)
    whole = deinterlaced(timed.picture, before=before, after=timed.following)
    return Frame(timed.t_us, timed.duration_us, scaler.scale(whole, size))
