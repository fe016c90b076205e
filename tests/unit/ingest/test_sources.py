"""Which file of a video is read; and what is the matter where none can be: gone, changed, or its share away."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from indexer.domain import Fingerprint, MediaInfo, VideoId
from indexer.errors import MediaFailed
from indexer.ingest.sources import ShareAway, find_material, refuse_changed, require_share
from indexer.store import Database, open_database, roots, videos

INFO = MediaInfo("mov", "h264", 2, 640, 360, 0, None, None, None, None, None, None, None, "yuv420p")


@dataclass
class Shelf:
    """A share with two files of one video."""

    database: Database
    share: Path
    video: VideoId

    @property
    def files(self) -> tuple[Path, Path]:
        return self.share / "day 1" / "a.mov", self.share / "day 2" / "copy of a.mov"


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    database = open_database(f"sqlite:///{tmp_path / 'library.db'}", purpose="write")
    share = tmp_path.resolve() / "share"
    with database.write() as tx:
        root = roots.add(tx, share)
        video = videos.add(tx, info=INFO, fingerprint=Fingerprint(4, "x"), title="a", fields={})
        shelf = Shelf(database, share, video)
        for file in shelf.files:
            file.parent.mkdir(parents=True)
            file.write_bytes(b"film")
            status = file.stat()
            place = {"root": root, "relative_path": file.relative_to(share), "stream_index": 2}
            videos.put_location(tx, video, **place, size=status.st_size, mtime_ns=status.st_mtime_ns)  # type: ignore[arg-type]
    yield shelf
    database.close()


def test_the_first_file_that_is_as_it_was_is_taken(shelf: Shelf) -> None:
    first, second = shelf.files
    material = find_material(shelf.database, shelf.video)
    assert (material.file.path, material.stream_index, material.reading) == (first, 2, "fast")
    os.utime(first, ns=(1, 1))
    assert find_material(shelf.database, shelf.video).file.path == second
    first.unlink()
    assert find_material(shelf.database, shelf.video).source.path == second


def test_only_other_content_is_left(shelf: Shelf) -> None:
    for file in shelf.files:
        file.write_bytes(b"another film")
    with pytest.raises(MediaFailed) as caught:
        find_material(shelf.database, shelf.video)
    assert caught.value.reason == "changed"


def test_all_are_gone(shelf: Shelf) -> None:
    for file in shelf.files:
        file.with_name("other.txt").write_text("the share is there")
        file.unlink()
    with pytest.raises(MediaFailed) as caught:
        find_material(shelf.database, shelf.video)
    assert caught.value.reason == "vanished"


def test_the_share_is_away(shelf: Shelf) -> None:
    shelf.share.rename(shelf.share.with_name("unplugged"))
    with pytest.raises(ShareAway, match="share is away"):
        find_material(shelf.database, shelf.video)
    with pytest.raises(ShareAway):
        require_share(shelf.database, shelf.share / "never seen.mov")
    shelf.share.mkdir()  # the empty folder it is mounted on
    with pytest.raises(ShareAway):
        require_share(shelf.database, shelf.share / "never seen.mov")
    shelf.share.rmdir()
    shelf.share.with_name("unplugged").rename(shelf.share)
    assert find_material(shelf.database, shelf.video)


def test_a_missing_file_of_a_share_that_is_there_is_the_files_own_matter(shelf: Shelf) -> None:
    require_share(shelf.database, shelf.files[0])
    require_share(shelf.database, shelf.share / "never seen.mov")
    require_share(shelf.database, Path("/nowhere/at all.mov"))


def test_a_file_that_changed_since(shelf: Shelf) -> None:
    material = find_material(shelf.database, shelf.video)
    material.refuse_changed()
    shelf.files[0].write_bytes(b"grown film")
    with pytest.raises(MediaFailed, match="changed while it was read"):
        material.refuse_changed()
    shelf.files[0].unlink()
    with pytest.raises(MediaFailed, match="gone"):
        refuse_changed(material.file)
