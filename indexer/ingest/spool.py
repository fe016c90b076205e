"""The spool of a video: the pictures that were kept while it was decoded, in one file until they are used.

The file is the pictures one after another, then a table of them, then the table's length: 8 bytes. A table of 32 bytes
a picture is all that is held in memory, however long the video is.
"""

import os
import uuid
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from indexer import media
from indexer.domain import Frame
from indexer.ingest.leftovers import remove_leftovers
from indexer.library_folder import UNFINISHED, new_file
from indexer.media import Spooled
from indexer.timecode import TimeRange

_PICTURE = np.dtype([("t_us", "<i8"), ("duration_us", "<i8"), ("start", "<i8"), ("bytes", "<u4"), ("side", "<u4")])
_Table = NDArray[np.void]

FULL = "the spool is full (SHOTLIST_SPOOL_GB allows more): its pictures are read by a second decode"
GIVEN_UP = "the spool could not be written ({}): its pictures are read by a second decode"


class KeptFile(NamedTuple):
    path: Path
    bytes: int


class SpoolWriter:
    """Takes pictures as they come. Where they cannot be kept, for want of room or whatever the disk says, it goes on
    without, and `trouble` says so: nothing depends on a spool. Use it in a `with`: what was not kept is gone after it,
    and what was too where the block raises."""

    def __init__(self, folder: Path, *, most_bytes: int) -> None:
        """`most_bytes`: of all files in `folder` together. Where they would be more the oldest spools give way to this
        one, for what they hold can be read from the footage: of those that nobody comes to use none stays for good."""
        self.trouble: str | None = None
        self._folder = folder
        self._most_bytes = most_bytes
        self._temporary = folder / f".{uuid.uuid4().hex}{UNFINISHED}"
        self._file: int | None = None
        self._kept: Path | None = None
        self._rows: list[_Table] = []
        self._used = 0
        self._others = 0

    def __enter__(self) -> Self:
        self.begin_again()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._drop()
        if error is not None and self._kept is not None:
            with suppress(OSError):
                self._kept.unlink(missing_ok=True)

    def begin_again(self) -> None:
        """Throw away what came so far."""
        self._drop()
        self.trouble = None
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._others = _bytes_in(self._folder)
            self._file = os.open(self._temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
        except OSError as error:
            self._give_up(error)

    def add(self, pictures: tuple[Spooled, ...]) -> None:
        if self._file is None or not pictures:
            return
        content = b"".join(one.jpeg for one in pictures)
        lengths = [len(one.jpeg) for one in pictures]
        starts = self._used + np.cumsum([0, *lengths[:-1]])
        rows = [
            (one.t_us, one.duration_us, start, length, one.longest_side)
            for one, start, length in zip(pictures, starts.tolist(), lengths, strict=True)
        ]
        try:
            if not self._has_room(len(content)):
                self.trouble = FULL
                self._drop()
                return
            self._write(content)
        except OSError as error:
            self._give_up(error)
            return
        self._rows.append(np.array(rows, _PICTURE))
        self._used += len(content)

    @property
    def troubles(self) -> tuple[str, ...]:
        """For the report."""
        return () if self.trouble is None else (self.trouble,)

    def keep(self) -> "KeptFile | None":
        """Put the file in its place, whole and on the disk; None where there is none."""
        if self._file is None or not self._rows:
            return None
        table = np.concatenate(self._rows).tobytes()
        target = self._folder / f"{uuid.uuid4().hex}.spool"
        try:
            self._write(table + len(table).to_bytes(8, "little"))
            os.close(self._file)
            self._file = None
            with new_file(target) as place:
                self._temporary.replace(place)
        except OSError as error:
            self._give_up(error)
            return None
        self._kept = target
        return KeptFile(target, self._used + len(table) + 8)

    def _has_room(self, more: int) -> bool:
        wanted = self._used + more
        if self._others + wanted > self._most_bytes:
            self._others = _bytes_in(self._folder) - self._used  # others may have made room, or taken it
            self._others -= _make_room(self._folder, self._others + wanted - self._most_bytes)
        return self._others + wanted <= self._most_bytes

    def _write(self, content: bytes) -> None:
        assert self._file is not None
        left = memoryview(content)
        while left:
            left = left[os.write(self._file, left) :]

    def _give_up(self, error: OSError) -> None:
        self.trouble = GIVEN_UP.format(error.strerror or error)
        self._drop()

    def _drop(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
        with suppress(OSError):
            self._temporary.unlink(missing_ok=True)
        self._rows, self._used = [], 0


@dataclass(frozen=True, slots=True)
class Spool:
    """A video's kept pictures, open to be read from any thread. `tables`: {longest side: its pictures by time}."""

    file: int
    tables: dict[int, _Table]

    def has(self, t_us: int, *, longest_side: int) -> bool:
        """Whether it has exactly the frame that begins at `t_us`."""
        return len(self._within(t_us, t_us + 1, longest_side)) > 0

    def picture(self, t_us: int, *, longest_side: int) -> bytes:
        """The JPEG of exactly the frame that begins at `t_us`; empty where it cannot be read."""
        rows = self._within(t_us, t_us + 1, longest_side)
        try:
            return self._read(rows[0]) if len(rows) else b""
        except OSError:
            return b""

    def choose(self, span: TimeRange, times: Sequence[int], *, longest_side: int) -> list[np.void] | None:
        """For each of `times` (us, ascending) inside `span` the frame that is shown then, or the nearest that was kept
        of those the span shows; None where one has none within half of the step between them: then all are to be read
        from the footage."""
        rows = self._shown_in(span, longest_side)
        if not len(rows):
            return None
        distances = _distances(rows, times)
        if (2 * distances.min(axis=1) * len(times) > span.duration_us).any():
            return None
        return [rows[place] for place in np.unique(distances.argmin(axis=1))]

    def frames(self, chosen: Sequence[np.void]) -> list[Frame] | None:
        """None where one of them cannot be read."""
        try:
            return [self._frame(row) for row in chosen]
        except (OSError, ValueError):
            return None

    def _within(self, start_us: int, end_us: int, longest_side: int) -> _Table:
        table = self.tables.get(longest_side)
        if table is None:
            return np.empty(0, _PICTURE)
        return table[bisect_left(table["t_us"], start_us) : bisect_left(table["t_us"], end_us)]

    def _shown_in(self, span: TimeRange, longest_side: int) -> _Table:
        before = self._within(0, span.start_us, longest_side)[-1:]
        begin = self._within(span.start_us, span.end_us, longest_side)
        return np.concatenate([before[before["t_us"] + before["duration_us"] > span.start_us], begin])

    def _frame(self, row: np.void) -> Frame:
        pixels = media.decode_jpeg(self._read(row), longest_side=int(row["side"]))
        return Frame(int(row["t_us"]), int(row["duration_us"]), pixels)

    def _read(self, row: np.void) -> bytes:
        return os.pread(self.file, int(row["bytes"]), int(row["start"]))

    def close(self) -> None:
        os.close(self.file)


def open_spool(path: Path) -> Spool | None:
    """None where there is none, or none that is whole."""
    try:
        file = os.open(path, os.O_RDONLY)
    except OSError:
        return None
    size = os.fstat(file).st_size
    length = int.from_bytes(os.pread(file, 8, max(0, size - 8)), "little")
    if size < 8 or length > size - 8 or length % _PICTURE.itemsize:
        os.close(file)
        return None
    table: _Table = np.frombuffer(os.pread(file, length, size - 8 - length), _PICTURE)
    tables = {int(side): table[table["side"] == side] for side in np.unique(table["side"])}
    return Spool(file, {side: rows[np.argsort(rows["t_us"], kind="stable")] for side, rows in tables.items()})


def spool_files(folder: Path) -> Iterator[Path]:
    return folder.glob("*.spool") if folder.is_dir() else iter(())


def _distances(rows: _Table, times: Sequence[int]) -> NDArray[np.int64]:
    """How far each kept frame is from being shown at each time: 0 where it is. (times, rows)."""
    wanted = np.array(times, np.int64)[:, None]
    before = rows["t_us"][None, :] - wanted
    after = wanted - (rows["t_us"] + rows["duration_us"] - 1)[None, :]
    distances: NDArray[np.int64] = np.maximum(np.maximum(before, after), 0)
    return distances


def _make_room(folder: Path, wanted: int) -> int:
    """Remove the oldest spools, `wanted` bytes of them if there are so many; returns how many. Whoever has one open
    reads on."""
    freed = 0
    for _, size, file in sorted(_dated(folder)):
        if freed < wanted:
            file.unlink(missing_ok=True)
            freed += size
    return freed


def _dated(folder: Path) -> Iterator[tuple[int, int, Path]]:
    for file in spool_files(folder):
        with suppress(FileNotFoundError):
            there = file.stat()
            yield there.st_mtime_ns, there.st_size, file


def _bytes_in(folder: Path) -> int:
    remove_leftovers(folder, {file.name for file in spool_files(folder)})
    used = 0
    for file in folder.iterdir():
        with suppress(FileNotFoundError):
            used += file.stat().st_size
    return used
