"""What a child that a file has taken over can still do: decode."""

import ctypes
import errno
import fcntl
import os
import platform
import re
import signal
import socket
import struct
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.media import describe_confinement, run_sandboxed
from indexer.media.sandbox import confinement, readable_files, self_test

ROOT = Path(__file__).parents[3]
GROUPS = ("_NETWORK", "_PROGRAMS", "_OTHER_PROCESSES", "_CHANGING_FILES", "_SYSTEM")
OF_NO_USE = re.findall(
    r"\w+",
    "acct fanotify_init syslog settimeofday clock_settime clock_adjtime adjtimex sethostname setdomainname quotactl "
    "iopl ioperm shmat shmctl mount_setattr setxattrat removexattrat",
)


def kernel_offers_it() -> bool:
    """Asked without the product's own code."""
    if sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64"):
        return False
    landlock_version = ctypes.CDLL(None).syscall(444, None, 0, 1)
    return landlock_version >= 1 and Path("/proc/sys/kernel/seccomp/actions_avail").exists()


pytestmark = pytest.mark.skipif(not kernel_offers_it(), reason="this kernel offers no Landlock, or no seccomp filters")


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
        "signal by a pipe": lambda: fcntl.fcntl(os.pipe()[0], fcntl.F_SETOWN, parent),
        "signal by a pipe, newer": lambda: fcntl.fcntl(os.pipe()[0], 15, struct.pack("ii", 1, parent)),
        "signal of choice": lambda: fcntl.fcntl(os.pipe()[0], fcntl.F_SETSIG, signal.SIGKILL),
        "type for others": lambda: fcntl.ioctl(0, 0x5412, b"x"),
        "edit what others type": lambda: fcntl.ioctl(0, 0x541C, b"\x02"),
        "change": lambda: bystander.chmod(0o777),
        "remove": bystander.unlink,
        "rename": lambda: bystander.rename(bystander.with_name("new")),
        "open to write": lambda: os.open(bystander, os.O_WRONLY),
        "make a file": lambda: os.open(bystander.with_name("made"), os.O_CREAT | os.O_WRONLY),
        "make a folder": bystander.with_name("folder").mkdir,
    }


def try_all(bystander: str, parent: int) -> Iterator[dict[str, str]]:
    yield {name: outcome(attempt) for name, attempt in attempts(Path(bystander), parent).items()}


def call_all(numbers: list[int]) -> Iterator[list[str]]:
    libc = ctypes.CDLL(None, use_errno=True)
    nonsense = [ctypes.c_long(-1)] * 6
    yield [
        "done" if libc.syscall(number, *nonsense) >= 0 else errno.errorcode[ctypes.get_errno()] for number in numbers
    ]


def set_a_flag_of_a_pipe() -> Iterator[int]:
    end = os.pipe()[0]
    fcntl.fcntl(end, fcntl.F_SETFL, os.O_NONBLOCK)
    yield fcntl.fcntl(end, fcntl.F_GETFL) & os.O_NONBLOCK


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


@pytest.mark.parametrize("name", OF_NO_USE)
def test_calls_of_no_use_to_a_decoder_are_denied(name: str) -> None:
    (numbers,) = re.findall(rf"\b{name} (\d+)/(\d+|-)", "".join(getattr(confinement, group) for group in GROUPS))
    number = numbers[0 if platform.machine() == "x86_64" else 1]
    if number == "-":
        pytest.skip("not there on this machine")
    assert list(run_sandboxed(call_all, [int(number)], returns=list[str])) == [["EPERM"]]


def test_flags_of_files_are_allowed() -> None:
    assert list(run_sandboxed(set_a_flag_of_a_pipe, returns=int)) == [os.O_NONBLOCK]


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


def test_what_it_tries_succeeds_where_nothing_is_confined(tmp_path: Path) -> None:
    (tmp_path / "bystander").write_text("x")
    (escapes,) = self_test._escapes(str(tmp_path / "bystander"), os.getpid())
    assert len(escapes) == 5


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.socket()",
        "import os; os.kill(os.getppid(), 0)",
        "import fcntl, os; fcntl.fcntl(os.pipe()[0], fcntl.F_SETOWN, os.getppid())",
    ],
)
def test_a_program_started_so_has_no_network_and_no_other_process(code: str) -> None:
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


class TestLibraries:
    """Python's own, which are not always among the system's."""

    def test_are_readable(self) -> None:
        folder = Path(str(sysconfig.get_config_var("LIBDIR"))).resolve()
        if not folder.is_dir() or Path(sys.base_prefix).resolve() not in folder.parents:
            pytest.skip("this Python does not say where they are")
        assert folder in readable_files._code([])

    def test_are_those_below_its_prefix(self, tmp_path: Path) -> None:
        folder = tmp_path / "conda" / "lib"
        folder.mkdir(parents=True)
        assert readable_files._library_folder(str(folder), folder.parent) == {folder.resolve()}

    @pytest.mark.parametrize("told", [None, "", "home", "home/python/../", "home/python/absent"])
    def test_are_no_other_folder(self, tmp_path: Path, told: str | None) -> None:
        prefix = tmp_path / "home" / "python"
        prefix.mkdir(parents=True)
        assert readable_files._library_folder(told and str(tmp_path / told), prefix) == set()

    def test_of_the_user_are_readable_where_python_uses_them(self, tmp_path: Path) -> None:
        code = "from indexer.media.sandbox import readable_files as r; print(*r._code([]), sep='\\n')"
        base = f"{sys.base_prefix}/bin/python{sys.version_info[0]}.{sys.version_info[1]}"
        paths = os.pathsep.join([str(ROOT), sysconfig.get_path("purelib")])
        environment = {"PYTHONPATH": paths, "PYTHONUSERBASE": str(tmp_path)}
        listed = subprocess.run([base, "-c", code], capture_output=True, text=True, check=True, env=environment)
        assert any(Path(line).is_relative_to(tmp_path) for line in listed.stdout.splitlines())
