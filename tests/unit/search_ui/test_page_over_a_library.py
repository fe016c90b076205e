"""The page over a real library, small but indexed by the real stages: the two fit together."""

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from indexer.bootstrap import open_ingester, open_library
from indexer.settings import Settings
from search_ui.footage_routes import clip_address, footage_routes, keyframe_address, video_address
from search_ui.library_access import ReadableLibrary
from tests.fakes.library import draw_footage


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> ReadableLibrary:
    root = tmp_path_factory.mktemp("real")
    (root / "footage").mkdir()
    draw_footage(root / "footage" / "night-train.mp4", seconds=3)
    settings = Settings(library=root / "library")
    ingester = open_ingester(settings, captioner="measured")
    report = ingester.add([root / "footage"], watch=lambda _progress: None)
    assert [file.state for file in report.files] == ["indexed"]
    return open_library(settings)


def run_page(library: "ReadableLibrary") -> None:  # Streamlit runs this source by itself: no name above is known
    from search_ui.app import show

    show(lambda: library)


def test_a_title_is_found_and_its_moment_opens(library: ReadableLibrary) -> None:
    hit, *_ = library.browse()
    at = AppTest.from_function(run_page, kwargs={"library": library}, default_timeout=60)
    at.query_params["q"] = "night train"
    at.query_params["v"] = hit.video
    at.run()
    assert not at.exception
    shown = [one.proto.json for one in at.get("bidi_component")]
    assert any('"cards": [{' in payload and hit.segment in payload for payload in shown)
    assert any('"first_frame"' in payload and video_address(hit.video) in payload for payload in shown)


def test_its_pictures_and_footage_are_served(library: ReadableLibrary) -> None:
    hit, *_ = library.browse()
    browser = TestClient(Starlette(routes=footage_routes(lambda: library)))
    for address, kind in (
        (keyframe_address(hit.segment), "image/jpeg"),
        (video_address(hit.video), "video/mp4"),
        (clip_address(hit.segment), "video/mp4"),
    ):
        answer = browser.get(address, headers={"Range": "bytes=0-99"})
        assert (answer.status_code, answer.headers["content-type"], len(answer.content)) == (206, kind, 100)
