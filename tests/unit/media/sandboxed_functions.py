"""What the sandbox tests run in children: well-behaved, broken and hostile functions."""

import ctypes
import os
import signal
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from indexer.errors import MediaFailed, MediaRefused
from indexer.media.sandbox.child import beat


@dataclass(frozen=True, slots=True)
class Sample:
    number: int
    rate: Fraction
    where: Path


def count(upto: int) -> Iterator[int]:
    yield from range(upto)


def samples() -> Iterator[Sample]:
    yield Sample(1, Fraction(30000, 1001), Path(os.fsdecode(b"/a\xff.mp4")))


def environment() -> Iterator[list[int]]:
    import resource

    yield [resource.getrlimit(which)[0] for which in (resource.RLIMIT_AS, resource.RLIMIT_CORE, resource.RLIMIT_FSIZE)]


def own_pid_then_sleep() -> Iterator[int]:
    yield os.getpid()
    time.sleep(600)


def crash() -> Iterator[int]:
    yield 1
    os.kill(os.getpid(), signal.SIGSEGV)


def read_nowhere() -> Iterator[int]:
    yield ctypes.string_at(0)[0]


def leave() -> Iterator[int]:
    yield 1
    os._exit(3)


def hang() -> Iterator[int]:
    yield 1
    while True:
        time.sleep(0.01)


def work_silently(seconds: float) -> Iterator[str]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.05)
        beat()
    yield "done"


def crawl() -> Iterator[int]:
    yield 1
    while True:
        end = time.process_time() + 0.05
        while time.process_time() < end:
            pass
        beat()


def remembered_environment() -> Iterator[str]:
    entry = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
    in_c = [entry[0].decode()] if entry and entry[0] else []
    yield "".join([*os.environ.values(), *in_c])


def open_files() -> Iterator[list[str]]:
    kinds = []
    for fd in range(1024):
        with suppress(OSError):
            mode = os.fstat(fd).st_mode
            tests = {"device": stat.S_ISCHR, "pipe": stat.S_ISFIFO, "socket": stat.S_ISSOCK, "file": stat.S_ISREG}
            kinds += [kind for kind, test in tests.items() if test(mode)]
    yield kinds


def fill_memory() -> Iterator[int]:
    yield 1
    hoard = [bytearray(1 << 28) for _ in range(1000)]
    yield len(hoard)


def refuse() -> Iterator[int]:
    yield 1
    raise MediaRefused("playlist", "a playlist")


def fail() -> Iterator[int]:
    yield from ()
    raise MediaFailed("odd", "it failed")


def blunder() -> Iterator[int]:
    yield from ()
    raise ValueError("a plain mistake")


def write_a_file(path: str) -> Iterator[str]:
    try:
        Path(path).write_text("from a decoder")
    except OSError as error:
        yield type(error).__name__
    else:
        yield "written"


def wrong_type() -> Iterator[str]:
    yield "not a number"


def backward_range() -> Iterator[dict[str, int]]:
    yield {"start_us": 5, "end_us": 3}


def write_garbage(garbage: bytes) -> Iterator[int]:
    """As a decoder that an attacker has taken over would: straight into the pipe."""
    from multiprocessing import forkserver

    inherited: list[int] = forkserver.get_inherited_fds() or []
    os.write(inherited[0], garbage)
    yield 1


def print_loudly() -> Iterator[int]:
    print("from the child", flush=True)  # noqa: T201
    os.write(1, b"from the child, too\n")
    os.write(2, b"from the child, as an error\n")
    yield 1


def large_values(count: int) -> Iterator[bytes]:
    for number in range(count):
        yield bytes([number]) * 3_000_000
