"""The child's side of the sandbox: limits and confines itself, runs the function, sends what it yields."""

import os
import resource
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import forkserver
from pathlib import Path

from indexer.errors import MediaFailed, MediaRefused
from indexer.media.sandbox import wire
from indexer.media.sandbox.confinement import confine_decoder, forget_environment
from indexer.media.sandbox.limits import Limits, limits_in_force, use_limits
from indexer.media.sandbox.readable_files import allow_reading

_BEAT_EVERY_S = 1.0
_MOST_FILES = 1024  # the fork server has a dozen open


def beat() -> None:
    """Say that work goes on, so that a long stage without values is not taken for a hung one.

    Sends at most one empty message a second; does nothing outside a sandbox. Raises `MediaFailed("too_slow")` when
    more processor time is gone than `Limits` allows for so many beats.
    """
    if _channel is not None:
        _channel.beat()


@contextmanager
def bounded_growth(growth_bytes: int) -> Iterator[None]:
    """While in it, a sandboxed child may grow by so much at most: an allocation beyond fails, as at its own limit.

    Does nothing outside a sandbox (a whole program's memory cannot be bounded for a moment), nor where /proc is not
    mounted: nothing else tells how large a process is.
    """
    if _memory_file is None:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    bound = int(os.pread(_memory_file, 64, 0).split()[0]) * resource.getpagesize() + growth_bytes
    resource.setrlimit(resource.RLIMIT_AS, (min(bound, soft), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


@dataclass(frozen=True, slots=True)
class Job:
    """What the fork server's child runs: it unpickles this and calls `_bootstrap`, as it does with a `Process`."""

    module: str
    function: str
    args: tuple[object, ...]
    limits: Limits

    def _bootstrap(self, parent_sentinel: int) -> int:
        for number in (signal.SIGINT, signal.SIGTERM):  # what stops the whole group is the parent's to handle
            signal.signal(number, signal.SIG_IGN)
        inherited: list[int] = forkserver.get_inherited_fds() or []
        _keep_open(inherited[0], parent_sentinel)
        global _channel
        _channel = _Channel(inherited[0])
        try:
            _send_values(self, _channel, parent_sentinel)
        except BrokenPipeError:  # the parent lost interest
            return 0
        return 0

    def prepare(self) -> Callable[..., Iterator[object]]:
        """The function, ready to be called in a process that can do no more than it needs."""
        forget_environment()
        _set_limits(self.limits)
        function: Callable[..., Iterator[object]] = getattr(import_module(self.module), self.function)
        confine_decoder()
        allow_reading([one for one in self.args if isinstance(one, Path)], modules=[__name__, self.module])
        return function


class _Channel:
    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._last = time.monotonic()
        self._beats = 0

    def send(self, kind: bytes, payload: bytes = b"") -> None:
        message = memoryview(wire.HEADER.pack(kind, len(payload)) + payload)
        while message:
            message = message[os.write(self._fd, message) :]
        self._last = time.monotonic()

    def beat(self) -> None:
        self._beats += 1
        if time.monotonic() - self._last >= _BEAT_EVERY_S:
            limits = limits_in_force()
            if time.process_time() > limits.cpu_s + limits.cpu_s_a_beat * self._beats:
                raise MediaFailed("too_slow", _TOO_SLOW)
            self.send(wire.BEAT)


_channel: _Channel | None = None
_memory_file: int | None = None  # /proc/self/statm
_TOO_SLOW = "decoding it takes far more work than its pictures are worth; convert it to MP4, or leave it out"


def _send_values(job: Job, channel: _Channel, parent_sentinel: int) -> None:
    try:
        function = job.prepare()
        _end_with_parent(parent_sentinel)  # a thread: started here, so that it is confined as well
        for value in function(*job.args):
            channel.send(wire.VALUE, wire.encode_value(value))
    except BrokenPipeError:
        raise
    except MemoryError:
        channel.send(wire.FAILURE, _OUT_OF_MEMORY)
    except MediaRefused as error:
        channel.send(wire.FAILURE, wire.encode_value(wire.Failure("refused", error.reason, error.message)))
    except MediaFailed as error:
        channel.send(wire.FAILURE, wire.encode_value(wire.Failure("failed", error.reason, error.message)))
    except BaseException:
        channel.send(wire.FAILURE, wire.encode_value(wire.Failure("bug", "bug", traceback.format_exc())))
    else:
        channel.send(wire.DONE)


_OUT_OF_MEMORY = wire.encode_value(wire.Failure("out_of_memory", "out_of_memory", ""))  # made while memory lasts


def _end_with_parent(parent_sentinel: int) -> None:
    """End at once when the parent is gone: nobody is left to stop a decoder that hangs."""

    def wait_for_end() -> None:
        os.read(parent_sentinel, 1)  # the parent holds the other end and writes nothing more: this returns at its death
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=wait_for_end, daemon=True).start()


def _keep_open(*wanted: int) -> None:
    """Close all other files that came with the fork; what a decoder prints goes nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nowhere, standard)
    before = 2
    for fd in [*sorted(wanted), _MOST_FILES]:
        os.closerange(before + 1, fd)
        before = fd


def _set_limits(limits: Limits) -> None:
    global _memory_file
    use_limits(limits)
    if sys.platform == "linux":
        with suppress(OSError):  # /proc need not be mounted
            _memory_file = os.open("/proc/self/statm", os.O_RDONLY)
    _lower(resource.RLIMIT_AS, limits.memory_bytes)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)


def _lower(which: int, value: int) -> None:
    _, hard = resource.getrlimit(which)
    bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (bound, bound))
