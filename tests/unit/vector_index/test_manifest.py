"""Index files that can be trusted: the order in which they come to be, and what is not opened."""

import os
from pathlib import Path

import numpy as np
import pytest

from indexer import vector_index
from indexer.domain import IndexManifest
from indexer.vector_index import VectorIndex


@pytest.fixture
def index() -> VectorIndex:
    made = vector_index.new_index("exact", 4)
    made.add(np.arange(3, dtype=np.int64), np.eye(3, 4, dtype=np.float32))
    return made


def test_the_file_is_synced_before_it_has_its_name_and_the_name_after(
    index: VectorIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    sync, rename = os.fsync, Path.replace

    def noted_sync(descriptor: int) -> None:
        done.append("sync folder" if Path(f"/proc/self/fd/{descriptor}").is_dir() else "sync file")
        sync(descriptor)

    def noted_rename(path: Path, target: Path) -> Path:
        done.append("rename")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(Path, "replace", noted_rename)
    vector_index.write_index(index, tmp_path)
    assert done == ["sync file", "rename", "sync folder"]


def test_what_was_written_is_opened(index: VectorIndex, tmp_path: Path) -> None:
    manifest = vector_index.write_index(index, tmp_path)
    opened = vector_index.open_index(tmp_path, manifest)
    assert opened is not None
    assert len(opened) == manifest.count == 3
    assert [path.name for path in tmp_path.iterdir()] == [manifest.file]


@pytest.mark.parametrize("change", ["sha256", "bytes", "count", "dimension", "kind", "file"])
def test_a_file_that_differs_from_its_manifest_in_anything_is_not_used(
    index: VectorIndex, tmp_path: Path, change: str
) -> None:
    manifest = vector_index.write_index(index, tmp_path)
    facts = {name: getattr(manifest, name) for name in IndexManifest.__slots__}
    facts[change] = {"sha256": "0" * 64, "kind": "flat-fp16", "file": "other.index"}.get(change, 99)
    assert vector_index.open_index(tmp_path, IndexManifest(**facts)) is None
