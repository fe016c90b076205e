"""However roots are added, moved and removed: a file belongs to the innermost root, and no place is lost or made up."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from indexer.domain import Fingerprint, MediaInfo, VideoId
from indexer.store import Database, Transaction, open_database, roots, videos

INFO = MediaInfo("mov", "h264", 0, 640, 360, 0, None, None, None, None, None, None, None, "yuv420p")

folders = st.sampled_from([Path(path) for path in ("/", "/a", "/a/a", "/a/b", "/b", "/b/a")])
steps = st.lists(
    st.tuples(st.sampled_from(["add", "file", "add", "file", "move", "remove"]), folders, folders),
    min_size=8,
    max_size=20,
)

MOVED_AROUND_ANOTHER = [
    ("add", Path("/b"), Path("/")),
    ("file", Path("/b/a"), Path("/")),
    ("add", Path("/a/a"), Path("/")),
    ("move", Path("/b"), Path("/a")),
]
MERGED_AROUND_ANOTHER = [
    ("add", Path("/"), Path("/")),
    ("add", Path("/a"), Path("/")),
    ("add", Path("/b"), Path("/")),
    ("file", Path("/a/b"), Path("/")),
    ("move", Path("/a"), Path("/")),
]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('nested') / 'library.db'}", purpose="write")
    yield database
    database.close()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
@example(steps=MOVED_AROUND_ANOTHER)
@example(steps=MERGED_AROUND_ANOTHER)
def test_every_file_belongs_to_the_innermost_root(database: Database, steps: list[tuple[str, Path, Path]]) -> None:
    with database.write() as tx:
        video = videos.add(tx, info=INFO, fingerprint=Fingerprint(1, "s"), title="A", fields={})
        expected: set[Path] = set()
        for step, folder, other in steps:
            expected = taken(tx, step, folder, other, video=video, known=expected)
            assert known_places(tx) == expected
        tx.rollback()


def taken(tx: Transaction, step: str, folder: Path, other: Path, *, video: VideoId, known: set[Path]) -> set[Path]:
    """Take one step; gives the files that must be known after it."""
    around = roots.around(tx, folder)
    if step == "add":
        roots.add(tx, folder)
    elif around is not None and step == "file":
        path = folder / "film.mov"
        place = {"root": around, "relative_path": path.relative_to(around.path)}
        videos.put_location(tx, video, **place, stream_index=0, size=1, mtime_ns=1)  # type: ignore[arg-type]
        return known | {path}
    elif around is not None:
        own = {path for path in known if roots.around(tx, path) == around}
        if step == "move":
            roots.move(tx, around, other)
            return (known - own) | {other / path.relative_to(around.path) for path in own}
        if roots.remove(tx, around) is None:
            return known - own
    return known


def known_places(tx: Transaction) -> set[Path]:
    places: set[Path] = set()
    for root in roots.load(tx):
        for file in videos.known_files(tx, root):
            assert roots.around(tx, file.path) == root
            assert file.path not in places
            places.add(file.path)
    return places
