"""The page as Streamlit runs it: what it sends to the browser for what is asked of it."""

from datetime import date
from pathlib import Path

import pytest

from indexer.errors import LibraryError
from search_ui.library_access import ReadableLibrary
from tests.fakes.library import CAPTIONS, HALL, HARBOUR, LOST, FakeLibrary, fake_library
from tests.fakes.visited_page import Visit, cards, open_page, payloads, plain, words_on


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> FakeLibrary:
    return fake_library(tmp_path_factory.mktemp("shown"))


@pytest.fixture
def visit(library: FakeLibrary) -> Visit:
    """Open the page at an address."""
    return lambda **address: open_page(lambda: library, address)


def test_home_shows_the_newest_moments(visit: Visit) -> None:
    at = visit()
    assert [plain(card["caption"]) for card in cards(at)] == [text for some in CAPTIONS.values() for text, _ in some]
    assert "6 moments in 3 videos" in words_on(at)


def test_a_query_gives_its_moments_with_marked_words_and_reasons(visit: Visit) -> None:
    first, *_ = cards(visit(q="camera left"))
    assert first["caption"] == [
        ["The ", False],
        ["camera", True],
        [" pans ", False],
        ["left", True],
        [" over moored boats.", False],
    ]
    assert first["reasons"] == "camera, left in the caption · near in meaning (1st)"
    assert first["span"] == "10:00:04:00–10:00:08:00"
    assert first["length"] == "4.0 s"
    assert first["link"] == {"v": HARBOUR, "t": "4"}
    assert first["picture"]["address"] == f"/footage/keyframe/{first['id']}.jpg"  # type: ignore[index]
    assert first["video"] == f"/footage/video/{HARBOUR}"


def test_a_matched_title_is_marked(visit: Visit) -> None:
    first, *_ = cards(visit(q="station"))
    assert first["title"] == [["Station", True]]
    assert first["reasons"] == "station in the caption and title · near in meaning (1st)"
    assert first["video"] is None  # its file cannot be read


def test_typing_searches(visit: Visit) -> None:
    at = visit()
    at.text_input(key="q").input("gulls quay").run()
    assert [plain(card["caption"]) for card in cards(at)] == ["Gulls over a grey quay; the camera zooms in."]


def test_weaker_matches_are_folded(visit: Visit) -> None:
    at = visit(q="gulls quay")
    assert len(cards(at)) == 1
    assert len(cards(at, grid="weaker moments")) == 5
    assert [one.label for one in at.expander] == ["Show 5 weaker matches"]


def test_nothing_matches_says_so_and_names_the_unknown_words(visit: Visit) -> None:
    at = visit(q="zorbly quux")
    assert "Nothing in this library matches “zorbly quux”" in words_on(at)
    assert r"“zorbly” and “quux” occur in no text and no name here\." in words_on(at)
    assert cards(at) == []
    assert len(cards(at, grid="weaker moments")) == 6


def test_a_suggestion_is_searched_for(visit: Visit) -> None:
    at = visit(q="zorbly quux")
    at.pills(key="try").select("Town hall").run()
    assert at.text_input(key="q").value == "Town hall"
    assert {card["link"]["v"] for card in cards(at)} == {HALL}  # type: ignore[index]


def test_filters_of_the_address_hold(visit: Visit) -> None:
    assert [card["span"] for card in cards(visit(facet__camera=["pan left", "zoom in"], video=HARBOUR))] == [
        "10:00:04:00–10:00:08:00",
        "10:00:08:00–10:00:12:00",
    ]


def test_unknown_filter_values_in_the_address_are_left_out(visit: Visit) -> None:
    assert len(cards(visit(facet__camera="sideways", video="v99"))) == 6


def test_choosing_a_facet_filters_and_writes_the_address(visit: Visit) -> None:
    at = visit()
    at.pills(key="facet.light").select("dark").run()
    assert [plain(card["caption"]) for card in cards(at)] == ["Two people talk in a dark hall."]
    assert at.query_params["facet.light"] == "dark"
    assert [one.label for one in at.button] == ["Clear filters"]


def test_facets_show_their_counts(visit: Visit) -> None:
    labels = [option.content for option in visit().pills(key="facet.camera").proto.options]
    assert "pan left :gray[2]" in labels


def test_clear_takes_every_filter_away(visit: Visit) -> None:
    at = visit(facet__camera="pan left", video=HARBOUR, length="3 to 10 s")
    at.button[0].click().run()
    assert len(cards(at)) == 6
    assert not {"facet.camera", "video"} & set(at.query_params)


def test_home_can_be_listed_by_video(visit: Visit) -> None:
    at = visit(by="Videos")
    assert [(card["link"]["v"], card["more"]) for card in cards(at)] == [(HARBOUR, 2), (HALL, 1), (LOST, 0)]  # type: ignore[index]
    assert "**3 videos** · newest first" in words_on(at)


def test_dates_and_lengths_filter(visit: Visit) -> None:
    at = visit()
    at.date_input(key="from").set_value(date(2024, 5, 1)).run()
    assert {card["link"]["v"] for card in cards(at)} == {HARBOUR}  # type: ignore[index]
    at.pills(key="length").select("under 3 s").run()
    assert cards(at) == []
    assert "No moment passes these filters" in words_on(at)


def test_a_deep_link_opens_the_moment_that_holds_the_time(visit: Visit) -> None:
    at = visit(v=HARBOUR, t="5.5")
    playing, known = payloads(at)["playing"], payloads(at)["known"]
    assert (playing["start"], playing["at"], playing["end"]) == (4.0, 5.5, 8.0)
    assert playing["rate"] == [25, 1]
    assert playing["first_frame"] == 10 * 3600 * 25
    assert (playing["place"], playing["places"]) == (2, 6)
    assert plain(known["caption"]) == "The camera pans left over moored boats."
    assert ["camera", "pan left"] in known["facets"]  # type: ignore[operator]


def test_the_facts_of_the_file_are_told_plainly(visit: Visit) -> None:
    facts = dict(payloads(visit(v=HARBOUR, t="0"))["known"]["facts"])  # type: ignore[call-overload]
    assert facts["Moment"] == "10:00:00:00 – 10:00:04:00"
    assert facts["Recorded"] == "2024-05-17 06:12:00 UTC"
    assert facts["Footage"] == "320×180 · 25 frames/s · h264 in mp4"


def test_what_the_archive_states_is_told_with_what_was_found(visit: Visit) -> None:
    known = payloads(visit(v=HARBOUR, t="0"))["known"]
    assert known["fields"] == [["Place", [["Lisbon", False]]], ["Reel", [["R-77", False]]]]
    assert (known["tags"], known["author"], known["away"]) == (["dawn"], "measured/1", "not connected")


def test_a_deep_link_keeps_why_the_moment_was_found(visit: Visit) -> None:
    known = payloads(visit(q="camera left", v=HARBOUR, t="4"))["known"]
    assert known["reasons"] == ["camera, left in the caption", "near in meaning (1st)"]


def test_a_video_without_a_readable_file_offers_nothing_to_play(visit: Visit) -> None:
    playing = payloads(visit(v=LOST, t="0"))["playing"]
    assert (playing["video"], playing["clip"]) == (None, None)


@pytest.mark.parametrize("t", ["", "soon", "-4", "1e999", "nan"])
def test_a_time_that_is_none_opens_the_start(visit: Visit, t: str) -> None:
    assert payloads(visit(v=HARBOUR, t=t))["playing"]["at"] == 0.0


def test_a_link_to_an_unknown_video_says_so(visit: Visit) -> None:
    at = visit(v="v99", t="4")
    assert "There is no video 'v99' in this library" in words_on(at)
    assert "playing" not in payloads(at)


def test_markup_in_captions_is_sent_as_text(visit: Visit) -> None:
    evil = CAPTIONS[HALL][1][0]
    at = visit(v=HALL, t="4")
    assert plain(payloads(at)["known"]["caption"]) == evil
    assert evil in [plain(card["caption"]) for card in cards(at)]
    assert not [one for one in [*at.markdown, *at.get("html")] if "onerror" in str(one.value)]


def test_markup_in_the_query_shows_as_it_was_typed(visit: Visit) -> None:
    at = visit(q="[press](javascript:alert(1))<img src=x>zq")
    assert r"\[press\]\(javascript\:alert\(1\)\)\<img src=x\>zq" in words_on(at)


def test_an_empty_library_says_what_to_run(library: FakeLibrary) -> None:
    at = open_page(lambda: FakeLibrary(library.folder), {})
    assert "This library has no footage yet" in words_on(at)
    assert "shotlist add FOLDER" in words_on(at)


def test_no_library_says_what_to_run() -> None:
    def missing() -> ReadableLibrary:
        raise LibraryError("there is no library in /x; make one with: shotlist add FOLDER")

    at = open_page(missing, {})
    assert "There is no library in /x" in words_on(at)
    assert "shotlist add FOLDER" in words_on(at)


def test_the_library_can_appear_later(tmp_path: Path) -> None:
    found: list[FakeLibrary] = []

    def open_library() -> ReadableLibrary:
        if not found:
            raise LibraryError("there is no library yet")
        return found[0]

    at = open_page(open_library, {})
    found.append(fake_library(tmp_path))
    at.button[0].click().run()
    assert len(cards(at)) == 6
