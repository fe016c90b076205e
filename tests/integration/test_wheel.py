"""The wheel carries what a run needs: migrations, sample footage, prompts, the page's scripts and styles."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAKE_A_LIBRARY = """
import pathlib, sys
import indexer
from indexer.store import open_database, schema_state
assert pathlib.Path(indexer.__file__).is_relative_to(sys.argv[1]), indexer.__file__
url = f"sqlite:///{sys.argv[1]}/library.db"
open_database(url, purpose="write").close()
state = schema_state(url)
assert state.current == state.head, state
print("made", state.head)
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("shotlist_video-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


@pytest.mark.parametrize(
    "name",
    [
        "indexer/_migrations/env.py",
        "indexer/_data/samples/truth.json",
        "indexer/captioning/prompts/describe-1.txt",
        "search_ui/components/player.js",
        "search_ui/page.css",
    ],
)
def test_what_is_no_code_is_there_too(unpacked: Path, name: str) -> None:
    assert (unpacked / name).stat().st_size


def test_nothing_of_the_checkout_is_needed(unpacked: Path) -> None:
    command = [
        sys.executable,
        "-I",
        "-c",
        f"import sys; sys.path.insert(0, sys.argv[1])\n{MAKE_A_LIBRARY}",
        str(unpacked),
    ]
    made = subprocess.run(command, cwd=unpacked, capture_output=True, text=True, check=False)
    assert made.stdout.startswith("made"), made.stderr


def test_tests_and_benchmarks_stay_at_home(unpacked: Path) -> None:
    assert {path.name for path in unpacked.iterdir() if path.is_dir() and not path.name.endswith(".dist-info")} == {
        "indexer",
        "search_ui",
    }
