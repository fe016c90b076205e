"""Files that are written whole, or not at all."""

import errno
import os
from pathlib import Path

import pytest

from indexer.library_folder import new_file, write_file


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was asked of the system, in order: files are noted by how many bytes they held then."""
    done: list[str] = []
    sync, rename = os.fsync, Path.replace

    def noted_sync(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        done.append(f"sync {path.name}/" if path.is_dir() else f"sync {path.stat().st_size} bytes")
        sync(descriptor)

    def noted_rename(path: Path, target: Path) -> Path:
        done.append(f"rename to {target.name}")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(Path, "replace", noted_rename)
    return done


def test_a_name_stands_for_a_file_that_is_on_the_disk(tmp_path: Path, noted: list[str]) -> None:
    write_file(tmp_path / "picture.jpg", b"12345")
    assert noted == ["sync 5 bytes", "rename to picture.jpg", f"sync {tmp_path.name}/"]
    assert (tmp_path / "picture.jpg").read_bytes() == b"12345"


def test_a_new_folder_is_on_the_disk_too(tmp_path: Path, noted: list[str]) -> None:
    write_file(tmp_path / "v1" / "picture.jpg", b"1")
    assert noted == [f"sync {tmp_path.name}/", "sync 1 bytes", "rename to picture.jpg", "sync v1/"]


def test_what_fails_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "picture.jpg"
    write_file(target, b"before")

    def fill_the_disk() -> None:
        with new_file(target) as temporary:
            temporary.write_bytes(b"ha")
            raise OSError(errno.ENOSPC, "no space left on device")

    with pytest.raises(OSError, match="no space"):
        fill_the_disk()
    assert target.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [target]
