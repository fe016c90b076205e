"""Try what the sandbox is to prevent, and say what it does here: for `shotlist doctor`."""

import fcntl
import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from indexer.media.sandbox.running import run_sandboxed


def describe_confinement() -> str:
    """One sentence on what a decoder that a file has taken over could not do on this system."""
    with tempfile.NamedTemporaryFile() as bystander:
        (escapes,) = run_sandboxed(_escapes, bystander.name, os.getpid(), returns=list[str])
    if not escapes:
        return "decoding runs confined: no network, no other programs, no file but its own"
    return f"decoding runs in a process of its own; this system cannot keep it from {', '.join(escapes)}"


def _escapes(bystander: str, process: int) -> Iterator[list[str]]:
    attempts: dict[str, Callable[[], object]] = {
        "using the network": lambda: socket.socket().close(),
        "starting programs": _start_a_program,
        "signalling other programs": lambda: _signal(process),
        "reading other files": lambda: Path(bystander).read_bytes(),
        "changing other files": lambda: Path(bystander).chmod(0o600),
    }
    yield [name for name, attempt in attempts.items() if _succeeds(attempt)]


def _start_a_program() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _signal(process: int) -> None:
    """Try it directly (0 is no signal: nothing arrives), else as a pipe's owner, who would get one if data came."""
    try:
        os.kill(process, 0)
    except OSError:
        fcntl.fcntl(os.pipe()[0], fcntl.F_SETOWN, process)


def _succeeds(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True
