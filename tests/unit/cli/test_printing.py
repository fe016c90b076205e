"""Names as a terminal may be given them."""

import os
from dataclasses import replace
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from indexer.cli.add import refusal
from indexer.cli.printing import printable, printable_lines
from indexer.cli.session import Session, talk
from indexer.cli.show_progress import watching
from indexer.domain import FileReport, Progress, RunningUnit, WorkStatus
from indexer.errors import UsageError

NASTY = Path("/tapes/red\x1b[31m \x9b2J [bold] caf\udce9.mov")
NO_WORK = WorkStatus(
    paused=False,
    workers=(),
    stages=(),
    running=(),
    waiting=0,
    deferred=0,
    failures=(),
    speed=None,
    eta_s=None,
    about=False,
    measuring=(),
    waits_for=(),
)
REPORT = FileReport(NASTY, "skipped", "copy", f"a copy of {NASTY.name[:8]}")


@given(st.text())
def test_no_name_gives_orders_or_breaks_the_line(name: str) -> None:
    shown = printable(name)
    assert len(shown) == len(name)
    assert not any(ord(sign) < 32 or 127 <= ord(sign) < 160 or sign in "\u202e\u2028" for sign in shown)
    assert printable(shown) == shown


def test_names_of_all_languages_stay_as_they_are() -> None:
    for name in ("Łódź, dzień 1", "東京\u3000駅", "09.41\u202fAM", "می\u200cخواهم", "🎬"):
        assert printable(name) == name


def test_bytes_that_are_no_text_are_shown() -> None:
    assert printable(Path(os.fsdecode(b"caf\xe9.mov"))) == "caf\ufffd.mov"


def test_sentences_keep_their_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert printable_lines("one\ntwo\x1b") == "one\ntwo\ufffd"
    talk(f"Forgot {NASTY.name[:8]}")
    assert "\x1b" not in capsys.readouterr().err


def test_errors_give_no_orders(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    def failing() -> None:
        raise UsageError(f"there is no folder {NASTY.name[:8]}")

    monkeypatch.setattr("sys.argv", ["shotlist"])
    with pytest.raises(SystemExit, match="1"):
        Session(failing).run()
    assert capsys.readouterr().err == "shotlist: there is no folder red\ufffd[31m\n"


def test_reports_give_no_orders(capsys: pytest.CaptureFixture[str]) -> None:
    assert "\x1b" not in refusal(REPORT)
    with watching() as watch:
        watch(Progress(1, 1, (REPORT,), NO_WORK, f"the disk of {NASTY.name[:8]} is full"))
    told = capsys.readouterr().err
    assert "caf\ufffd.mov" in told
    assert not {"\x1b", "\x9b"} & set(told)


def test_a_live_display_takes_names_as_they_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert Console(stderr=True).is_terminal
    unit = RunningUnit("decoding", None, None, "[red]\x9b2J.mov", 0.5, "w", 1.0)
    with watching() as watch:
        watch(Progress(0, 1, (), replace(NO_WORK, running=(unit,))))
    told = capsys.readouterr().err
    assert "[red]\ufffd2J.mov" in told
