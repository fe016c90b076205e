"""Pictures and footage over HTTP: ids only, byte ranges, and nothing else."""

from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from indexer.domain import SegmentId
from search_ui.footage_routes import footage_routes
from search_ui.server import LOOPBACK_NAMES_ONLY
from tests.fakes.library import HARBOUR, LOST, FakeLibrary, fake_library


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> FakeLibrary:
    return fake_library(tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="module")
def browser(library: FakeLibrary) -> TestClient:
    return visitor(library)


def visitor(library: FakeLibrary, *, base_url: str = "http://127.0.0.1") -> TestClient:
    site = Starlette(routes=footage_routes(lambda: library), middleware=[LOOPBACK_NAMES_ONLY])
    return TestClient(site, base_url=base_url)


@pytest.fixture
def segment(library: FakeLibrary) -> SegmentId:
    return library.moments[0].segment


def test_a_keyframe_is_a_jpeg(browser: TestClient, segment: SegmentId) -> None:
    answer = browser.get(f"/footage/keyframe/{segment}.jpg")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.content[:2] == b"\xff\xd8"


def test_a_video_is_sent_in_ranges(browser: TestClient, library: FakeLibrary) -> None:
    path = library.video(HARBOUR).path
    assert path is not None
    whole = path.read_bytes()
    answer = browser.get(f"/footage/video/{HARBOUR}", headers={"Range": "bytes=100-199"})
    assert answer.status_code == 206
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["content-range"] == f"bytes 100-199/{len(whole)}"
    assert answer.content == whole[100:200]
    assert browser.get(f"/footage/video/{HARBOUR}").content == whole


def test_a_range_beyond_the_end_is_416(browser: TestClient) -> None:
    assert browser.get(f"/footage/video/{HARBOUR}", headers={"Range": "bytes=99999999-"}).status_code == 416


def test_head_tells_the_size(browser: TestClient, library: FakeLibrary) -> None:
    path = library.video(HARBOUR).path
    assert path is not None
    answer = browser.head(f"/footage/video/{HARBOUR}")
    assert (answer.status_code, answer.headers["content-length"]) == (200, str(path.stat().st_size))


def test_a_clip_is_an_mp4(browser: TestClient, segment: SegmentId) -> None:
    answer = browser.get(f"/footage/clip/{segment}.mp4")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "video/mp4")
    assert answer.content[4:8] == b"ftyp"


def test_a_clip_that_cannot_be_cut_says_why(browser: TestClient, library: FakeLibrary) -> None:
    lost = next(hit for hit in library.moments if hit.video == LOST)
    answer = browser.get(f"/footage/clip/{lost.segment}.mp4")
    assert (answer.status_code, answer.text) == (422, "no clip could be cut: the file cannot be read")


def test_a_moment_without_an_end_has_no_clip(library: FakeLibrary, segment: SegmentId) -> None:
    open_ended = replace(library, moments=[replace(library.moments[0], end_us=None)])
    answer = visitor(open_ended).get(f"/footage/clip/{segment}.mp4")
    assert (answer.status_code, answer.text) == (404, "this moment has no end yet, so no clip can be cut")


def test_a_video_whose_disk_is_away_is_404_with_a_word(browser: TestClient) -> None:
    answer = browser.get(f"/footage/video/{LOST}")
    assert answer.status_code == 404
    assert "connect its disk" in answer.text


def test_a_missing_keyframe_is_404(browser: TestClient, library: FakeLibrary) -> None:
    hit = library.moments[1]
    library.folder.keyframe(hit.video, hit.segment).unlink()
    assert browser.get(f"/footage/keyframe/{hit.segment}.jpg").status_code == 404


@pytest.mark.parametrize("address", ["keyframe/nope.jpg", "video/nope", "clip/nope.mp4", "video/", "", "other/x"])
def test_what_is_unknown_is_404(browser: TestClient, address: str) -> None:
    assert browser.get(f"/footage/{address}").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "video/../../etc/passwd",
        "video/..%2f..%2f..%2fetc%2fpasswd",
        "video/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "video/%2fetc%2fpasswd",
        "keyframe/..%2f..%2flibrary.db%00.jpg",
        "keyframe/..%5c..%5clibrary.db.jpg",
        "clip/%2e%2e/%2e%2e/x.mp4",
    ],
)
def test_no_address_leads_out_of_the_library(browser: TestClient, tmp_path: Path, address: str) -> None:
    answer = browser.get(f"/footage/{address}")
    assert answer.status_code in (400, 404)
    assert "root:" not in answer.text


def test_another_name_for_this_machine_is_refused(library: FakeLibrary) -> None:
    stranger = visitor(library, base_url="http://footage.example")
    assert stranger.get(f"/footage/video/{HARBOUR}").status_code == 400


@pytest.mark.parametrize("name", ["http://localhost:8501", "http://127.0.0.1:9", "http://[::1]:8501"])
def test_every_loopback_name_is_answered(library: FakeLibrary, name: str) -> None:
    assert visitor(library, base_url=name).get(f"/footage/video/{HARBOUR}").status_code == 200
