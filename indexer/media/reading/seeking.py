"""Find the picture shown at a time without decoding all before it, yet never another than reading in order gives."""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from indexer.domain import Reading
from indexer.media.reading.decoding import read_carefully
from indexer.media.reading.opening import open_media, prepare_stream
from indexer.media.reading.placing import TimedPicture, timed_pictures, timed_pictures_from_keyframe, timeline_of
from indexer.media.reading.seekable import SEEKABLE, SEEKABLE_IN_ORDER
from indexer.media.reading.timeline import DecodeNotes

_WORTH_SEEKING_US = 2_000_000
_FIRST_STEP_BACK_US = 1_000_000
_TRIES = 4


class SeekingReader:
    """Answers `shown_at` for ascending times. Use it in a `with`."""

    def __init__(self, path: Path, stream_index: int, notes: DecodeNotes, *, reading: Reading) -> None:
        self._path = path
        self._stream_index = stream_index
        self._notes = notes
        self._reading = reading
        self._leap_us = _WORTH_SEEKING_US
        self._container: InputContainer
        self._stream: VideoStream
        self._current: TimedPicture | None
        self._before: VideoFrame | None
        self._pictures: Iterator[TimedPicture]
        self._from_start()
        self._can_seek = reading == "fast" and is_seekable(self._container, self._stream)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._container.close()

    @property
    def before(self) -> VideoFrame | None:
        """The picture before the one that was last asked for; None before the first. Deinterlacing wants it, so it is
        there for fields whatever was skipped; other pictures may lack it after a seek."""
        return self._before

    def shown_at(self, t_us: int) -> TimedPicture | None:
        """The picture shown at `t_us`; the first before it begins, the last after it ends; None if there is none."""
        self._begin()
        if self._current is not None and t_us - self._current.end_us > self._leap_us and self._may_leap():
            self._leap(t_us)
            self._begin()
        while self._current is not None and self._current.end_us <= t_us:
            following = next(self._pictures, None)
            if following is None:
                break
            self._before, self._current = self._current.picture, following
        return self._current

    def _begin(self) -> None:
        if self._current is None:
            self._current = next(self._pictures, None)

    def _may_leap(self) -> bool:
        return self._can_seek and self._timeline.first_pts is not None and not self._notes.missing_times

    def _leap(self, t_us: int) -> None:
        """Go to a keyframe shown at or before `t_us`; seeks that land past it are tried again from further back."""
        before = self._current
        target = self._timeline.ticks(t_us)
        back_us = 0
        for _ in range(_TRIES):
            try:
                self._container.seek(target - self._timeline.ticks_of(back_us), stream=self._stream)
            except av.FFmpegError:
                break
            pictures = timed_pictures_from_keyframe(
                self._container, self._stream, timeline=self._timeline, notes=self._notes
            )
            landed = next(pictures, None)
            if landed is not None and landed.t_us <= t_us and not (landed.picture.interlaced_frame and t_us in landed):
                if before is not None and landed.t_us <= before.t_us:
                    self._leap_us *= 2  # keyframes are far apart here
                self._before, self._current, self._pictures = None, landed, pictures
                return
            back_us = max(2 * back_us, _FIRST_STEP_BACK_US)
        self._can_seek = False
        self._container.close()
        self._from_start()

    def _from_start(self) -> None:
        self._container = open_media(self._path)
        try:
            self._stream = prepare_stream(self._container, self._stream_index)
        except BaseException:
            self._container.close()
            raise
        if self._reading == "careful":
            read_carefully(self._stream)
        self._timeline = timeline_of(self._container, self._stream, self._notes)
        self._before = self._current = None
        self._pictures = timed_pictures(self._container, self._stream, timeline=self._timeline, notes=self._notes)


def is_seekable(container: InputContainer, stream: VideoStream) -> bool:
    """Whether a seek in this file is found by time, and time stamps mean the same after it."""
    names = set(container.format.name.split(","))
    return bool(names & SEEKABLE) or (bool(names & SEEKABLE_IN_ORDER) and not stream.codec_context.has_b_frames)
