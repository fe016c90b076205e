"""The hash of a whole file, held against independent ones."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from indexer.errors import MediaFailed, MediaRefused
from indexer.media import hash_whole


@pytest.mark.parametrize("size", [0, 1, (4 << 20) - 1, 4 << 20, (9 << 20) + 7])
def test_it_is_the_sha256_of_all_bytes(tmp_path: Path, size: int) -> None:
    path = tmp_path / "clip.mov"
    content = os.urandom(size)
    path.write_bytes(content)
    told: list[int] = []
    found = hash_whole(path, tell=told.append)
    assert found.sha256 == hashlib.sha256(content).hexdigest()
    assert (found.size, found.mtime_ns) == (size, path.stat().st_mtime_ns)
    assert told == sorted(told)
    assert told[-1:] == ([size] if size else [])


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum on this machine")
def test_it_is_what_sha256sum_says(tmp_path: Path) -> None:
    path = tmp_path / "clip.mov"
    path.write_bytes(os.urandom(5 << 20))
    said = subprocess.run(["sha256sum", path], capture_output=True, text=True, check=True).stdout
    assert said.split()[0] == hash_whole(path).sha256


def test_a_file_that_grows_under_the_reader_has_no_hash(tmp_path: Path) -> None:
    path = tmp_path / "clip.mov"
    path.write_bytes(bytes(9 << 20))

    def grow(_: int) -> None:
        with path.open("ab") as file:
            file.write(b"more")

    with pytest.raises(MediaFailed, match="nothing writes to it") as caught:
        hash_whole(path, tell=grow)
    assert caught.value.reason == "changed"


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reasons = []
    for path in (tmp_path / "pipe", tmp_path, tmp_path / "nowhere"):
        with pytest.raises(MediaRefused) as caught:
            hash_whole(path)
        reasons.append(caught.value.reason)
    assert reasons == ["not_a_file", "not_a_file", "missing"]


def test_who_listens_may_stop_it(tmp_path: Path) -> None:
    path = tmp_path / "clip.mov"
    path.write_bytes(bytes(9 << 20))
    seen: list[int] = []

    def stop(done: int) -> None:
        seen.append(done)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        hash_whole(path, tell=stop)
    assert len(seen) == 1
