"""Finding files and recognising their content."""

import os
import socket
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import MediaRefused
from indexer.media import Discovery, discover, fingerprint, look_again


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    root = tmp_path / "archive"
    for name in (
        *("b.mp4", "a.MOV", "notes.txt", "poster.jpg", "subs.srt", "list.m3u8", "sound.wav", ".hidden.mp4"),
        *("2024/deep/c.mkv", "2024/d.mxf", ".cache/e.mp4", "lib/library.db", "lib/clips/f.mp4"),
    ):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return root


def names(found: Discovery, root: Path) -> list[str]:
    return [file.path.relative_to(root).as_posix() for file in found.files]


class TestDiscover:
    def test_media_by_name_in_a_stable_order(self, archive: Path) -> None:
        found = discover([archive])
        assert names(found, archive) == ["a.MOV", "b.mp4", "list.m3u8", "sound.wav", "2024/d.mxf", "2024/deep/c.mkv"]
        assert found.ignored == 3
        assert (found.missing, found.unreadable) == ((), ())

    def test_size_and_time(self, archive: Path) -> None:
        (file,) = discover([archive / "b.mp4"]).files
        status = (archive / "b.mp4").stat()
        assert (file.size, file.mtime_ns) == (1, status.st_mtime_ns)

    def test_a_file_is_looked_at_again_when_its_turn_comes(self, archive: Path) -> None:
        found = discover([archive / "b.mp4"]).files[0]
        assert look_again(found) == found
        (archive / "b.mp4").write_bytes(b"longer")
        status = (archive / "b.mp4").stat()
        again = look_again(found)
        assert (again.path, again.size, again.mtime_ns) == (found.path, 6, status.st_mtime_ns)
        (archive / "b.mp4").unlink()
        assert look_again(found) == found

    def test_a_named_file_is_always_taken(self, archive: Path) -> None:
        named = [archive / "notes.txt", archive / ".hidden.mp4"]
        assert [file.path for file in discover(named).files] == named

    def test_each_file_once(self, archive: Path) -> None:
        assert len(discover([archive, archive / "b.mp4", archive / "2024"]).files) == 6

    def test_what_is_not_there(self, archive: Path) -> None:
        (archive / "broken.mp4").symlink_to("nowhere")
        found = discover([archive, archive / "none.mp4"])
        assert found.missing == (archive / "broken.mp4", archive / "none.mp4")

    def test_linked_folders_are_not_followed(self, archive: Path) -> None:
        (archive / "round").symlink_to(archive)
        assert len(discover([archive]).files) == 6

    def test_a_library_is_no_footage_even_when_named(self, archive: Path) -> None:
        assert discover([archive / "lib"]).files == ()

    def test_a_folder_named_like_a_video_is_a_folder(self, archive: Path) -> None:
        (archive / "take.mp4").mkdir()
        (archive / "take.mp4" / "part.mp4").write_bytes(b"x")
        assert "take.mp4/part.mp4" in names(discover([archive]), archive)

    def test_links_to_files_are_files_wherever_they_lead(self, archive: Path, tmp_path: Path) -> None:
        (tmp_path / "outside.mp4").write_bytes(b"xyz")
        (archive / "link.mp4").symlink_to(tmp_path / "outside.mp4")
        (file,) = (file for file in discover([archive]).files if file.path.name == "link.mp4")
        assert file.size == 3

    def test_links_that_lead_in_a_circle(self, archive: Path) -> None:
        (archive / "self.mp4").symlink_to("self.mp4")
        (archive / "there").symlink_to("back")
        (archive / "back").symlink_to("there")
        found = discover([archive])
        assert found.missing == (archive / "self.mp4",)
        assert len(found.files) == 6

    def test_what_is_no_file_is_left_to_whoever_opens_it(self, archive: Path) -> None:
        """Each has a place in the report, and nothing waits for a pipe."""
        os.mkfifo(archive / "pipe.mp4")
        with socket.socket(socket.AF_UNIX) as here:
            here.bind(str(archive / "socket.mp4"))
            odd = [archive / "pipe.mp4", archive / "socket.mp4", Path("/dev/null")]
            assert [file.path for file in discover(odd).files] == odd
            for path in odd:
                with pytest.raises(MediaRefused) as caught:
                    fingerprint(path)
                assert caught.value.reason in ("not_a_file", "unreadable")

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
    def test_what_may_not_be_read(self, archive: Path) -> None:
        (archive / "2024").chmod(0)
        try:
            assert discover([archive]).unreadable == (archive / "2024",)
        finally:
            (archive / "2024").chmod(0o755)

    def test_what_cameras_and_computers_leave_beside_footage(self, archive: Path) -> None:
        card = archive / "card"
        kept = ("BPAV/CLPR/1_01/1_01.MP4", "CONTENTS/VIDEO/0001AB.MXF", "PRIVATE/AVCHD/BDMV/STREAM/00000.MTS")
        left = ("BPAV/CLPR/1_01/1_01M01.XML", "DCIM/GOPR0001.THM", "DCIM/GOPR0001.LRV", "DCIM/._GOPR0001.MP4")
        for name in (*kept, *left):
            (card / name).parent.mkdir(parents=True, exist_ok=True)
            (card / name).write_bytes(b"x")
        found = discover([card])
        assert names(found, card) == list(kept)
        assert found.ignored == 3

    @pytest.mark.parametrize("name", ["A.Mp4", "b.M2TS", "c.y4M", "d.264", "e.gif", "f.r3d", "g.INSV", "h.tivo"])
    def test_endings_in_any_case(self, tmp_path: Path, name: str) -> None:
        (tmp_path / name).write_bytes(b"x")
        assert len(discover([tmp_path]).files) == 1

    def test_names_that_are_not_utf8(self, archive: Path) -> None:
        odd = archive / os.fsdecode(b"\xff\xfe.mp4")
        odd.write_bytes(b"x")
        found = [file.path for file in discover([archive]).files]
        assert odd in found
        assert os.fsencode(odd).endswith(b"/\xff\xfe.mp4")


class TestFingerprint:
    @pytest.mark.parametrize("size", [0, 1, 1 << 20, (1 << 20) + 1, 5_000_000])
    def test_depends_on_content_alone(self, tmp_path: Path, size: int) -> None:
        content = bytes(range(251)) * (size // 251 + 1)
        for name in ("a.mp4", "b.mov"):
            (tmp_path / name).write_bytes(content[:size])
        first, second = fingerprint(tmp_path / "a.mp4"), fingerprint(tmp_path / "b.mov")
        assert first == second
        assert first.size == size

    @settings(deadline=None)
    @given(data=st.data(), size=st.sampled_from([100_000, 3_000_000]))
    def test_a_changed_sample_changes_it(
        self, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, size: int
    ) -> None:
        path = tmp_path_factory.mktemp("print") / "a.mp4"
        path.write_bytes(b"\0" * size)
        before = fingerprint(path)
        place = data.draw(st.integers(0, 65_535) | st.integers(size - 65_536, size - 1))
        with path.open("r+b") as file:
            file.seek(place)
            file.write(b"\1")
        assert fingerprint(path) != before

    def test_length_counts(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(b"\0" * 3_000_000)
        (tmp_path / "b").write_bytes(b"\0" * 3_000_001)
        assert fingerprint(tmp_path / "a").samples != fingerprint(tmp_path / "b").samples

    def test_a_missing_file(self, tmp_path: Path) -> None:
        with pytest.raises(MediaRefused) as caught:
            fingerprint(tmp_path / "none")
        assert caught.value.reason == "missing"
