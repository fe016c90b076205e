"""Run a generator function in a throw-away process: a hostile or broken file can only end that process.

The children come from `multiprocessing`'s fork server. They are asked for one level below `Process`, because `Process`
would run the program's `__main__` again in each child: under Streamlit that is the whole app, and in a script without
a guard the script itself.
"""

import logging
import os
import pickle
import select
import signal
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from multiprocessing import forkserver
from types import UnionType
from typing import TypeVar

import msgspec

from indexer.errors import MediaError, MediaFailed, MediaRefused, UsageError
from indexer.media.sandbox import wire
from indexer.media.sandbox.child import Job
from indexer.media.sandbox.limits import Limits, limits_in_force

T = TypeVar("T")

_preloaded = ["indexer.single_threaded", "indexer.media.sandbox.preload"]  # in this order
_LAST_WORD_S = 5.0  # how long a child that has closed its pipe may take to end

_MEND = "it is damaged, or made to do harm; if players show it, convert it to MP4 and add that"
_NOT_STARTED = "the decoder's process could not be started; free some memory, then try again"
_HUNG = (
    "decoding made no progress for {:g} seconds and was stopped; see that its disk answers, then add it again "
    "(SHOTLIST_STALL_SECONDS allows more)"
)
_BUG = "reading it failed by a defect of Shotlist; please report this file: {}"
_OUT_OF_MEMORY = "decoding needed more than the {:g} GiB of memory it is allowed; SHOTLIST_DECODE_MEMORY_GB allows more"

_GARBAGE = (msgspec.MsgspecError, ValueError, RecursionError, UsageError)  # what decoding raises for what was made up

_log = logging.getLogger(__name__)


def run_sandboxed(
    function: Callable[..., Iterator[T]],
    *args: object,
    limits: Limits | None = None,
    returns: type[T] | UnionType,
    check: Callable[[T], object] | None = None,
) -> Generator[T, None, None]:
    """Yield what `function(*args)` yields, computed in a child process under `limits`, else those in force.

    `function` is a generator function at the top level of a module; `args` can be pickled. The child has no
    environment. Where the system offers it, it has no network, starts no program, changes no file, and reads none but
    code and those of `args` that are a `Path`.

    Each value is checked against `returns`: a dataclass, a `msgspec.Struct`, a union of tagged structs, or a plain
    type; fractions, paths and uint8 arrays may be inside. `check` raises `ValueError` for what is of the type and yet
    nothing that an honest child sends. The child starts with the first `next`, waits while nobody reads, and is killed
    when the iterator is closed. A long stage without values must call `beat()` (decoding does).

    Raises `MediaRefused` and `MediaFailed` as the function raised them. `MediaFailed("hung")`: `limits.stall_s` seconds
    without a value or a beat; `"too_slow"`: far too much work for so few beats; `"out_of_memory"`; `"crashed"`: the
    child died, or sent what is no `returns` or does not pass `check`; `"bug"`: any other exception in the child, which
    is a defect (its trace is logged) but concerns this file only.
    """
    child = _Child(Job(function.__module__, function.__qualname__, args, limits or limits_in_force()))
    try:
        while (payload := child.next_value()) is not None:
            try:
                value = wire.decode_value(payload, returns)
                if check is not None:
                    check(value)
            except _GARBAGE as error:
                raise _unreadable(f" ({error})") from None
            yield value
    finally:
        child.stop()


def preload(module: str) -> None:
    """Have this module loaded once, in the server that the children are forked from, instead of in each of them.
    Without effect once the first child has started."""
    _preloaded.append(module)


class _Child:
    """A running child: its pid, the pipe its values come through, and a pipe that tells its exit status."""

    def __init__(self, job: Job) -> None:
        self._limits = job.limits
        self._exit_status: int | None = None
        self._values, values_w = os.pipe()
        try:
            forkserver.set_forkserver_preload(_preloaded)
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
            raise MediaFailed("not_started", _NOT_STARTED) from None

    def next_value(self) -> bytearray | None:
        """The payload of the next value; None when the function has ended."""
        while True:
            header = self._read(wire.HEADER.size)
            kind, length = wire.HEADER.unpack(header)
            if length > wire.LONGEST_MESSAGE:
                raise _unreadable()
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
                    raise _unreadable()

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
                raise MediaFailed("hung", _HUNG.format(self._limits.stall_s))
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


def _failure(payload: bytearray, limits: Limits) -> MediaError:
    try:
        failure = wire.decode_value(payload, wire.Failure)
    except _GARBAGE:
        return _unreadable()
    match failure.kind:
        case "refused":
            return MediaRefused(failure.reason, failure.message)
        case "failed":
            return MediaFailed(failure.reason, failure.message)
        case "out_of_memory":
            return MediaFailed("out_of_memory", _OUT_OF_MEMORY.format(limits.memory_bytes / (1 << 30)))
        case "bug":
            _log.error("a sandboxed function failed:\n%s", failure.message)
            return MediaFailed("bug", _BUG.format("".join(failure.message.splitlines()[-1:])))


def _unreadable(how: str = "") -> MediaFailed:
    return MediaFailed("crashed", f"the decoder's process sent something unreadable{how}; {_MEND}")


def _crash(status: int | None) -> MediaError:
    match status:
        case None:
            how = "stopped answering"
        case int() if status < 0:
            how = f"crashed ({_signal_name(-status)})"
        case _:
            how = f"ended by itself (status {status})"
    return MediaFailed("crashed", f"the decoder's process {how} on this file; {_MEND}")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
