"""Run a generator function in a throw-away process: a hostile or broken file can only end that process.

The children come from `multiprocessing`'s fork server. They are asked for one level below `Process`, because `Process`
would run the program's `__main__` again in each child: under Streamlit that is the whole app, and in a script without
a guard the script itself.
"""

import os
import pickle
import select
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing import forkserver
from types import UnionType
from typing import TypeVar

import msgspec

from indexer.errors import MediaError, MediaFailed, MediaRefused
from indexer.media import wire
from indexer.media.sandbox_child import Job, Limits, beat

__all__ = ["Limits", "beat", "run_sandboxed"]

T = TypeVar("T")

_PRELOAD = "indexer.media.sandbox_preload"
_LAST_WORD_S = 5.0  # how long a child that has closed its pipe may take to end


def run_sandboxed(
    function: Callable[..., Iterator[T]],
    *args: object,
    limits: Limits = Limits(),
    returns: type[T] | UnionType,
) -> Iterator[T]:
    """Yield what `function(*args)` yields, computed in a child process under `limits`.

    `function` is a generator function at the top level of a module; `args` can be pickled. Each value is checked
    against `returns`: a dataclass, a `msgspec.Struct`, a union of tagged structs, or a plain type; fractions, paths and
    uint8 arrays may be inside. The child starts with the first `next`, waits while nobody reads, and is killed when the
    iterator is closed. A long stage without values must call `beat()` (decoding does).

    Raises `MediaRefused` and `MediaFailed` as the function raised them; `MediaFailed("hung")` after `limits.stall_s`
    seconds without a value or a beat, `MediaFailed("out_of_memory")`, `MediaFailed("crashed")` when the child died or
    sent what is no `returns`. Any other exception in the child is a defect and comes as a `RuntimeError` with its
    trace.
    """
    child = _Child(Job(function.__module__, function.__qualname__, args, limits))
    try:
        while (payload := child.next_value()) is not None:
            try:
                value = wire.decode_value(payload, returns)
            except (msgspec.MsgspecError, ValueError, RecursionError) as error:
                raise MediaFailed("crashed", f"the decoder's process sent something unreadable ({error})") from None
            yield value
    finally:
        child.stop()


class _Child:
    """A running child: its pid, the pipe its values come through, and a pipe that tells its exit status."""

    def __init__(self, job: Job) -> None:
        self._limits = job.limits
        self._exit_status: int | None = None
        self._values, values_w = os.pipe()
        try:
            forkserver.set_forkserver_preload([_PRELOAD])
            self._status, self._lifeline = forkserver.connect_to_new_process([values_w])
        except BaseException:
            os.close(self._values)
            raise
        finally:
            os.close(values_w)
        prepare = {"sys_path": [folder or str(os.getcwd()) for folder in sys.path], "dir": str(os.getcwd())}  # noqa: PTH109
        orders = memoryview(pickle.dumps(prepare) + pickle.dumps(job))
        try:
            self._pid: int = forkserver.read_signed(self._status)
            while orders:
                orders = orders[os.write(self._lifeline, orders) :]
        except (EOFError, BrokenPipeError):
            self._close()
            raise MediaFailed("crashed", "the decoder's process could not be started") from None

    def next_value(self) -> bytearray | None:
        """The payload of the next value; None when the function has ended."""
        while True:
            header = self._read(wire.HEADER.size)
            kind, length = wire.HEADER.unpack(header)
            if length > wire.LONGEST_MESSAGE:
                raise MediaFailed("crashed", "the decoder's process sent something unreadable")
            payload = self._read(length)
            match kind:
                case wire.VALUE:
                    return payload
                case wire.BEAT:
                    continue
                case wire.DONE:
                    return None
                case wire.FAILURE:
                    raise _failure(payload, self._limits)
                case _:
                    raise MediaFailed("crashed", "the decoder's process sent something unreadable")

    def stop(self) -> None:
        """End the child if it still runs, and wait for it."""
        if self._wait(0) is None:
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            self._wait(_LAST_WORD_S)
        self._close()

    def _read(self, count: int) -> bytearray:
        data = bytearray(count)
        view = memoryview(data)
        while view:
            if not _readable(self._values, self._limits.stall_s):
                seconds = f"{self._limits.stall_s:g} seconds"
                raise MediaFailed("hung", f"decoding made no progress for {seconds} and was stopped")
            got = os.readv(self._values, [view])
            if got == 0:
                raise _crash(self._wait(_LAST_WORD_S))
            view = view[got:]
        return data

    def _wait(self, seconds: float) -> int | None:
        """The exit status (minus a signal's number), or None while it runs."""
        if self._exit_status is None and _readable(self._status, seconds):
            try:
                self._exit_status = forkserver.read_signed(self._status)
            except EOFError:  # the fork server itself was killed, and told nobody
                self._exit_status = 255
        return self._exit_status

    def _close(self) -> None:
        for fd in (self._values, self._status, self._lifeline):
            os.close(fd)


def _readable(fd: int, seconds: float) -> bool:
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    return bool(poll.poll(seconds * 1000))


def _failure(payload: bytearray, limits: Limits) -> Exception:
    try:
        failure = wire.decode_value(payload, wire.Failure)
    except msgspec.MsgspecError:
        return MediaFailed("crashed", "the decoder's process sent something unreadable")
    match failure.kind:
        case "refused":
            return MediaRefused(failure.reason, failure.message)
        case "failed":
            return MediaFailed(failure.reason, failure.message)
        case "out_of_memory":
            room = f"{limits.memory_bytes / (1 << 30):g} GiB"
            return MediaFailed("out_of_memory", f"decoding needed more than the {room} of memory it is allowed")
        case "bug":
            return RuntimeError(f"a sandboxed function failed:\n{failure.message}")


def _crash(status: int | None) -> MediaError:
    match status:
        case None:
            how = "stopped answering"
        case int() if status < 0:
            how = f"crashed ({_signal_name(-status)})"
        case _:
            how = f"ended by itself (status {status})"
    return MediaFailed("crashed", f"the decoder's process {how} on this file")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
