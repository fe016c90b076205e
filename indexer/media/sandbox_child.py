"""The child's side of the sandbox: limits itself, runs the function, sends what it yields."""

import os
import resource
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import forkserver

from indexer.errors import MediaFailed, MediaRefused
from indexer.media import wire

_BEAT_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What a sandboxed function may use before it is stopped."""

    memory_bytes: int = 4 << 30  # address space
    stall_s: float = 30.0  # seconds without a value or a beat


def beat() -> None:
    """Say that work goes on, so that a long stage without values is not taken for a hung one.

    Sends at most one empty message a second; does nothing outside a sandbox.
    """
    if _channel is not None:
        _channel.beat()


@dataclass(frozen=True, slots=True)
class Job:
    """What the fork server's child runs: it unpickles this and calls `_bootstrap`, as it does with a `Process`."""

    module: str
    function: str
    args: tuple[object, ...]
    limits: Limits

    def _bootstrap(self, parent_sentinel: int) -> int:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
        _end_with_parent(parent_sentinel)
        _silence()
        _set_limits(self.limits)
        inherited: list[int] = forkserver.get_inherited_fds() or []
        global _channel
        _channel = _Channel(inherited[0])
        try:
            _send_values(self, _channel)
        except BrokenPipeError:  # the parent lost interest
            return 0
        return 0


class _Channel:
    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._last = time.monotonic()

    def send(self, kind: bytes, payload: bytes = b"") -> None:
        message = memoryview(wire.HEADER.pack(kind, len(payload)) + payload)
        while message:
            message = message[os.write(self._fd, message) :]
        self._last = time.monotonic()

    def beat(self) -> None:
        if time.monotonic() - self._last >= _BEAT_EVERY_S:
            self.send(wire.BEAT)


_channel: _Channel | None = None


def _send_values(job: Job, channel: _Channel) -> None:
    try:
        function: Callable[..., Iterator[object]] = getattr(import_module(job.module), job.function)
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


def _silence() -> None:
    """Nothing a decoder prints may reach the program's own output."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def _set_limits(limits: Limits) -> None:
    _lower(resource.RLIMIT_AS, limits.memory_bytes)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)


def _lower(which: int, value: int) -> None:
    _, hard = resource.getrlimit(which)
    bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (bound, bound))
