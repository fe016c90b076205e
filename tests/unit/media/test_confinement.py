"""What a child that a file has taken over can still do: decode."""

import ctypes
import errno
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.media import describe_confinement, run_sandboxed
from indexer.media.sandbox import confinement

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="confinement is Linux only")


def outcome(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    return "done"


def attempts(bystander: Path, parent: int) -> dict[str, Callable[[], object]]:
    libc = ctypes.CDLL(None, use_errno=True)

    def call(*arguments: int) -> None:
        if libc.syscall(*arguments) < 0:
            raise OSError(ctypes.get_errno(), "")

    return {
        "socket": socket.socket,
        "local socket": lambda: socket.socket(socket.AF_UNIX),
        "socket pair": socket.socketpair,
        "fork": os.fork,
        "program": lambda: os.execv("/bin/true", ["true"]),
        "program by subprocess": lambda: subprocess.run(["/bin/true"], check=True),
        "io_uring": lambda: call(425, 1, 0),
        "signal to its parent": lambda: os.kill(parent, signal.SIGTERM),
        "signal to all": lambda: os.kill(-1, signal.SIGTERM),
        "change": lambda: bystander.chmod(0o777),
        "remove": bystander.unlink,
        "rename": lambda: bystander.rename(bystander.with_name("new")),
        "open to write": lambda: os.open(bystander, os.O_WRONLY),
        "make a file": lambda: os.open(bystander.with_name("made"), os.O_CREAT | os.O_WRONLY),
        "make a folder": bystander.with_name("folder").mkdir,
    }


def try_all(bystander: str, parent: int) -> Iterator[dict[str, str]]:
    yield {name: outcome(attempt) for name, attempt in attempts(Path(bystander), parent).items()}


def read_both(given: Path, other: str) -> Iterator[tuple[str, str]]:
    yield outcome(given.read_bytes), outcome(Path(other).read_bytes)


def read_of_other_processes(parent: int) -> Iterator[list[str]]:
    yield [outcome(Path(f"/proc/{parent}/{name}").read_bytes) for name in ("environ", "cmdline", "mem")]


def start_threads() -> Iterator[int]:
    done: list[int] = []
    threads = [threading.Thread(target=done.append, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    yield len(done)


def test_nothing_but_decoding(tmp_path: Path) -> None:
    bystander = tmp_path / "bystander"
    bystander.write_text("mine")
    (outcomes,) = run_sandboxed(try_all, str(bystander), os.getpid(), returns=dict[str, str])
    assert {name: result for name, result in outcomes.items() if result not in ("EPERM", "EACCES")} == {}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bystander"]
    assert bystander.read_text() == "mine"


def test_only_the_files_it_was_given_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "given").write_text("x")
    (tmp_path / "link").symlink_to("given")
    (tmp_path / "other").write_text("x")
    for name in ("given", "link"):
        (outcomes,) = run_sandboxed(read_both, tmp_path / name, str(tmp_path / "other"), returns=tuple[str, str])
        assert outcomes == ("done", "EACCES")


def test_our_own_secrets_are_out_of_reach() -> None:
    (outcomes,) = run_sandboxed(read_of_other_processes, os.getpid(), returns=list[str])
    assert outcomes == ["EACCES"] * 3


def test_threads_are_allowed() -> None:
    assert list(run_sandboxed(start_threads, returns=int)) == [8]


def test_it_is_told() -> None:
    assert describe_confinement() == "decoding runs confined: no network, no other programs, no file but its own"


def test_a_program_started_so_has_no_network() -> None:
    code = "import socket; socket.socket()"
    command = [sys.executable, "-I", "-S", confinement.__file__, sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "PermissionError" in done.stderr


@pytest.mark.parametrize("column", [0, 1])
def test_the_filter_is_well_formed(column: int) -> None:
    """The kernel refuses a bad program, but only the one for the machine at hand is ever shown to it."""
    everything = "".join(value for name, value in vars(confinement).items() if name in GROUPS)
    program = confinement._program(column, 1, denied=everything, special=confinement._own_work_only)
    steps = list(struct.iter_unpack("HBBI", program))
    assert len(steps) < 4096  # BPF_MAXINSNS
    assert all(place + 1 + max(met, unmet) < len(steps) for place, (_, met, unmet, _) in enumerate(steps[:-1]))
    assert steps[-1][0] == 0x06


GROUPS = ("_NETWORK", "_PROGRAMS", "_OTHER_PROCESSES", "_CHANGING_FILES", "_SYSTEM")
