"""The sandbox: values come through typed; whatever a child does, the parent gets an error it can report."""

import logging
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest

from indexer.errors import MediaFailed, MediaRefused
from indexer.media import Limits, run_sandboxed
from indexer.media.sandbox.wire import HEADER, VALUE, decode_value, encode_value
from indexer.timecode import TimeRange
from tests.unit.media import sandboxed_functions as functions

ROOT = Path(__file__).parents[3]


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until_gone(pid: int) -> None:
    for _ in range(200):
        if not is_running(pid):
            return
        time.sleep(0.05)
    raise AssertionError(f"process {pid} still runs")


class TestValues:
    def test_come_in_order(self) -> None:
        assert list(run_sandboxed(functions.count, 1000, returns=int)) == list(range(1000))

    def test_keep_fractions_and_names_that_are_not_utf8(self) -> None:
        (sample,) = run_sandboxed(functions.samples, returns=functions.Sample)
        assert sample == functions.Sample(1, Fraction(30000, 1001), Path(os.fsdecode(b"/a\xff.mp4")))

    def test_may_be_larger_than_a_pipe(self) -> None:
        values = list(run_sandboxed(functions.large_values, 3, returns=bytes))
        assert values == [bytes([n]) * 3_000_000 for n in range(3)]

    def test_none_at_all(self) -> None:
        assert list(run_sandboxed(functions.count, 0, returns=int)) == []

    def test_several_children_at_once(self) -> None:
        first, second = (run_sandboxed(functions.count, 5, returns=int) for _ in range(2))
        assert list(zip(first, second, strict=True)) == [(n, n) for n in range(5)]

    def test_work_in_threads(self) -> None:
        got: list[list[int]] = []
        work = lambda: got.append(list(run_sandboxed(functions.count, 50, returns=int)))  # noqa: E731
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert got == [list(range(50))] * 4


class TestFractions:
    @pytest.mark.parametrize("text", ["0", "-7", "30000/1001", "9" * 40 + "/" + "9" * 40])
    def test_are_read_back(self, text: str) -> None:
        assert decode_value(encode_value(Fraction(text)), Fraction) == Fraction(text)

    @pytest.mark.parametrize(
        "text", ["1/0", "1/00", "1e5", "1e20000000", "0.5", "1/-2", " 1", "1\n", "1_0", "\u0661", "9" * 41, ""]
    )
    def test_and_nothing_else_is(self, text: str) -> None:
        with pytest.raises(msgspec.ValidationError):
            decode_value(encode_value(text), Fraction)


class TestBadChildren:
    def failure(self, function: object, *args: object, limits: Limits = Limits()) -> MediaFailed:
        with pytest.raises(MediaFailed) as caught:
            list(run_sandboxed(function, *args, limits=limits, returns=int))  # type: ignore[arg-type]
        return caught.value

    def test_crash(self) -> None:
        error = self.failure(functions.crash)
        assert error.reason == "crashed"
        assert "SIGSEGV" in error.message

    def test_crash_inside_c_code(self) -> None:
        error = self.failure(functions.read_nowhere)
        assert error.reason == "crashed"
        assert "SIGSEGV" in error.message

    def test_exit(self) -> None:
        assert self.failure(functions.leave).reason == "crashed"

    def test_hang(self) -> None:
        assert self.failure(functions.hang, limits=Limits(stall_s=0.5)).reason == "hung"

    def test_memory(self) -> None:
        error = self.failure(functions.fill_memory, limits=Limits(memory_bytes=1 << 30))
        assert error.reason == "out_of_memory"
        assert "1 GiB" in error.message

    def test_a_crawl(self) -> None:
        """Progress now and then is not enough: a picture is worth only so much work."""
        limits = Limits(cpu_s=0.2, cpu_s_a_beat=0.001)
        assert self.failure(functions.crawl, limits=limits).reason == "too_slow"

    def test_value_of_another_type(self) -> None:
        assert self.failure(functions.wrong_type).reason == "crashed"

    def test_value_that_does_not_pass_the_check(self) -> None:
        def check(value: int) -> None:
            if value > 1:
                raise ValueError("too many")

        values = run_sandboxed(functions.count, 3, returns=int, check=check)
        assert [next(values), next(values)] == [0, 1]
        with pytest.raises(MediaFailed, match=r"something unreadable \(too many\)"):
            next(values)

    def test_value_that_refuses_itself(self) -> None:
        with pytest.raises(MediaFailed, match="must run forward") as caught:
            list(run_sandboxed(functions.backward_range, returns=TimeRange))  # type: ignore[arg-type]
        assert caught.value.reason == "crashed"

    def test_failure_of_its_own(self) -> None:
        error = self.failure(functions.fail)
        assert (error.reason, error.message) == ("odd", "it failed")

    def test_values_before_the_crash_arrive(self) -> None:
        values = run_sandboxed(functions.crash, returns=int)
        assert next(values) == 1
        with pytest.raises(MediaFailed):
            next(values)

    @pytest.mark.parametrize(
        "garbage",
        [
            b"\xff" * 100,
            HEADER.pack(VALUE, 0xFFFFFFFF),
            HEADER.pack(VALUE, 3) + b"\xc1\xc1\xc1",
            HEADER.pack(VALUE, 5000) + b"\x91" * 5000,
            HEADER.pack(b"f", 2) + b"xy",
            HEADER.pack(b"f", 19) + b"\x82\xa4kind\xa3bug\xa6reason\xa1\xff",
            HEADER.pack(b"f", 5003) + b"\x81\xa1z" + b"\x91" * 5000,
            HEADER.pack(b"?", 0),
        ],
    )
    def test_garbage_is_an_error(self, garbage: bytes) -> None:
        assert self.failure(functions.write_garbage, garbage).reason == "crashed"

    def test_pickles_are_not_run(self, tmp_path: Path) -> None:
        marker = tmp_path / "marker"

        class Attack:
            def __reduce__(self) -> tuple[object, tuple[str]]:
                return os.mkdir, (str(marker),)

        attack = pickle.dumps(Attack())
        self.failure(functions.write_garbage, HEADER.pack(VALUE, len(attack)) + attack)
        assert not marker.exists()


class TestGoodManners:
    def test_a_refusal_is_raised_here(self) -> None:
        with pytest.raises(MediaRefused) as caught:
            list(run_sandboxed(functions.refuse, returns=int))
        assert (caught.value.reason, caught.value.message) == ("playlist", "a playlist")

    def test_a_defect_is_the_failure_of_that_file_and_its_trace_is_logged(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.ERROR), pytest.raises(MediaFailed) as caught:
            list(run_sandboxed(functions.blunder, returns=int))
        assert caught.value.reason == "bug"
        assert caught.value.message.endswith("please report this file: ValueError: a plain mistake")
        assert "in blunder\n" in caplog.text

    def test_beats_keep_a_silent_child_alive(self) -> None:
        limits = Limits(stall_s=1.8)
        assert list(run_sandboxed(functions.work_silently, 2.5, limits=limits, returns=str)) == ["done"]

    def test_a_slow_reader_is_no_hang(self) -> None:
        values = run_sandboxed(functions.large_values, 2, limits=Limits(stall_s=0.3), returns=bytes)
        first = next(values)
        time.sleep(0.8)
        assert (len(first), len(list(values))) == (3_000_000, 1)

    def test_closing_ends_the_child(self) -> None:
        values = run_sandboxed(functions.own_pid_then_sleep, returns=int)
        pid = next(values)
        assert is_running(pid)
        values.close()
        wait_until_gone(pid)

    def test_limits_are_set(self) -> None:
        (limits,) = run_sandboxed(functions.environment, limits=Limits(memory_bytes=3 << 30), returns=list[int])
        assert limits == [3 << 30, 0, 0]

    def test_no_file_can_be_written(self, tmp_path: Path) -> None:
        target = tmp_path / "made"
        (error,) = run_sandboxed(functions.write_a_file, str(target), returns=str)
        assert error in ("PermissionError", "OSError")  # by the filter, or by the limit
        assert not target.exists()

    def test_prints_do_not_reach_our_output(self, capfd: pytest.CaptureFixture[str]) -> None:
        assert list(run_sandboxed(functions.print_loudly, returns=int)) == [1]
        assert "from the child" not in "".join(capfd.readouterr())

    def test_nothing_secret_is_in_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Neither as Python sees it nor where the kernel put it."""
        monkeypatch.setenv("SHOTLIST_DATABASE", "postgresql://user:secret@host/db")
        (left,) = run_sandboxed(functions.remembered_environment, returns=str)
        assert left == ""

    def test_no_file_of_ours_is_open_there(self, tmp_path: Path) -> None:
        with (tmp_path / "ours").open("w") as ours, socket.create_server(("127.0.0.1", 0)) as server:
            os.set_inheritable(ours.fileno(), True)
            os.set_inheritable(server.fileno(), True)
            (kinds,) = run_sandboxed(functions.open_files, returns=list[str])
        # the standard three on /dev/null, orders, values, and its own count of memory
        assert sorted(kinds) == ["device", "device", "device", "file", "pipe", "pipe"]


HEEDS_INTERRUPTS = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # even in the background
SCRIPT = """
import sys
sys.path.insert(0, {root!r})
from tests.unit.media import sandboxed_functions
from indexer.media import run_sandboxed
print("main runs", flush=True)
for value in run_sandboxed(sandboxed_functions.{function}, *{args!r}, returns=int):
    print("value", value, flush=True)
"""


class TestPrograms:
    def script(self, folder: Path, function: str, *args: object) -> list[str]:
        path = folder / "script.py"
        path.write_text(HEEDS_INTERRUPTS + SCRIPT.format(root=str(ROOT), function=function, args=args))
        return [sys.executable, str(path)]

    def test_a_script_without_a_guard_is_not_run_again(self, tmp_path: Path) -> None:
        done = subprocess.run(
            self.script(tmp_path, "count", 2), capture_output=True, text=True, check=True, cwd=tmp_path, timeout=60
        )
        assert done.stdout.splitlines() == ["main runs", "value 0", "value 1"]

    @pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
    def test_no_orphan_survives_the_program(self, tmp_path: Path, how: signal.Signals) -> None:
        command = self.script(tmp_path, "own_pid_then_sleep")
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as program:
            assert program.stdout is not None
            assert program.stdout.readline() == "main runs\n"
            pid = int(program.stdout.readline().split()[1])
            program.send_signal(how)
            program.wait(timeout=30)
        wait_until_gone(pid)

    def test_importing_the_room_loads_no_decoder(self) -> None:
        code = (
            "import sys, indexer.media; print([m for m in ('av', 'cv2', 'PIL', 'torch', 'ffmpeg') if m in sys.modules])"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
        assert done.stdout.strip() == "[]"
