"""The rules that keep the house readable, checked by a machine."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(
    path for room in ("indexer", "search_ui", "data", "benchmarks") for path in (ROOT / room).rglob("*.py")
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
HEAVY = ("torch", "transformers", "sentence_transformers", "faiss", "cv2", "av", "streamlit", "alembic")


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize(("paths", "most"), [(SOURCES, 400), (TESTS, 500)])
def test_files_stay_short(paths: list[Path], most: int) -> None:
    lengths = {relative(path): len(path.read_text().splitlines()) for path in paths}
    assert lengths
    assert {name: count for name, count in lengths.items() if count > most} == {}


def test_functions_stay_short() -> None:
    long = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > 60:
                    long.append(f"{relative(path)}:{node.lineno} {node.name} has {length} lines")
    assert long == []


def test_every_module_says_what_it_is_for() -> None:
    assert [relative(path) for path in SOURCES if not ast.get_docstring(ast.parse(path.read_text()))] == []


def test_nothing_unsafe_is_loaded() -> None:
    """No pickles, no remote code, no shell: models and captions are data."""
    unsafe = re.compile(
        r"\bpickle\.loads?\b|trust_remote_code=True|shell=True|torch\.load\(|weights_only=False|unsafe_allow_html"
    )
    assert [relative(path) for path in SOURCES if unsafe.search(path.read_text())] == []


@pytest.mark.parametrize("module", ["indexer.library", "indexer.cli", "indexer.bootstrap"])
def test_starting_up_loads_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print(' '.join(name for name in {HEAVY!r} if name in sys.modules))"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert printed.split() == []


def test_every_command_is_documented() -> None:
    page = (ROOT / "docs" / "commands.md").read_text()
    assert [name for name in COMMANDS if f"## shotlist {name}" not in page] == []


def test_every_option_is_documented() -> None:
    import click

    from indexer.cli import shotlist

    page = (ROOT / "docs" / "commands.md").read_text()
    missing = []
    for name in COMMANDS:
        command = shotlist.get_command(click.Context(shotlist), name)
        assert command is not None
        options = [option for parameter in command.params for option in parameter.opts if option.startswith("--")]
        missing += [f"{name} {option}" for option in options if option not in page]
    assert missing == []


def test_links_between_pages_lead_somewhere() -> None:
    pages = [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "data").rglob("*.md"),
    ]
    broken = []
    for page in pages:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text()):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{relative(page)} -> {target}")
    assert broken == []
