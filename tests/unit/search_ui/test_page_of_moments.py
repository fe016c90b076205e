"""What the page makes of moments: steps, repeats, likeness, lists by video; and of a query that was read otherwise."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from indexer.domain import Evidence, Recipe
from indexer.errors import UsageError
from search_ui.cards import card
from search_ui.drawer import about
from search_ui.views.likeness import read_picture
from tests.fakes.library import HALL, HARBOUR, LOST, FakeLibrary, fake_library
from tests.fakes.visited_page import Visit, cards, open_page, payloads, plain, words_on


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> FakeLibrary:
    return fake_library(tmp_path_factory.mktemp("shown"))


@pytest.fixture
def visit(library: FakeLibrary) -> Visit:
    return lambda **address: open_page(lambda: library, address)


def test_one_after_the_other_shows_each_step_in_order(visit: Visit) -> None:
    first, *_ = cards(visit(q="boat THEN gulls"))
    steps = first["steps"]
    assert isinstance(steps, list)
    assert [step["span"] for step in steps] == ["10:00:00:00–10:00:04:00", "10:00:08:00–10:00:12:00"]
    assert [plain(step["caption"])[:5] for step in steps] == ["A red", "Gulls"]
    assert all(step["picture"]["address"] for step in steps)
    assert [step["reasons"] for step in steps] == [
        "boat in the caption · near in meaning (1st)",
        "Gulls in the caption · near in meaning (1st)",
    ]
    assert (first["reasons"], first["quotes"]) == ("", []), "those of the first step are not those of all"
    assert (first["span"], first["length"], first["shots"]) == ("10:00:00:00–10:00:12:00", "12.0 s", "")


def test_the_drawer_of_a_sequence_plays_the_whole_and_tells_the_steps(visit: Visit) -> None:
    shown = payloads(visit(q="boat THEN gulls", v=HARBOUR, t="0"))
    assert (shown["playing"]["start"], shown["playing"]["end"]) == (0.0, 12.0)
    assert shown["playing"]["clip"]["end"] == 4.0  # type: ignore[index]  # only a segment is ever converted
    assert len(shown["known"]["steps"]) == 2  # type: ignore[arg-type]
    assert [shown["known"][name] for name in ("caption", "reasons", "facets", "tags")] == [[], [], [], []]
    assert all(step["reasons"] for step in shown["known"]["steps"])  # type: ignore[attr-defined]


def test_a_sequence_is_read_aloud_step_by_step(library: FakeLibrary) -> None:
    one, two = library.moments[:2]
    made = card(replace(one, end_us=two.end_us, steps=(one, two)), {video.id: video for video in library.videos()})
    assert made["name"] == f"Harbour morning, 10:00:00:00–10:00:08:00. {one.text}, then {two.text}"


def test_a_step_quotes_what_was_said_in_it(library: FakeLibrary) -> None:
    said = Evidence("words", 1, "transcript", ("tide",), ((4, 8),), "the tide is out", None)
    step = replace(library.moments[0], evidence=(said,))
    made = card(replace(step, steps=(step, library.moments[1])), {})
    assert [[quote["field"] for quote in one["quotes"]] for one in made["steps"]] == [["transcript"], []]


def test_what_the_archive_calls_it_is_on_the_card(library: FakeLibrary) -> None:
    numbered = replace(library.moments[0], identifier="BT-0431")
    found = Evidence("name", 1, "identifier", ("BT-0431",), ((0, 7),), "BT-0431")
    assert card(replace(numbered, evidence=(found,)), {})["identifier"] == [("BT-0431", True)]
    assert card(replace(numbered, title="BT-0431"), {})["identifier"] == []
    assert card(library.moments[0], {})["identifier"] == []


def test_a_moment_without_footage_says_so(library: FakeLibrary) -> None:
    (video,) = (one for one in library.videos() if one.id == HARBOUR)
    unseen = replace(library.moments[0], keyframe=None, path=None)
    assert card(unseen, {HARBOUR: video})["unseen"] == "no picture"
    imported = replace(video, kind="imported")
    assert card(unseen, {HARBOUR: imported})["unseen"] == "no footage here, texts only"
    assert about(unseen, imported, {}, fields={})["away"] == "none here"


def test_what_a_person_wrote_is_told(library: FakeLibrary) -> None:
    (video,) = (one for one in library.videos() if one.id == HARBOUR)
    assert about(replace(library.moments[0], recipe=Recipe("human")), video, {}, fields={})["author"] == "a person"


def test_fields_that_stand_among_the_facts_are_not_told_twice(library: FakeLibrary) -> None:
    (video,) = (one for one in library.videos() if one.id == HARBOUR)
    found = Evidence("name", 1, "shot_by", ("Ana",), ((0, 3),), "Ana Sousa")
    stated = {"identifier": "B", "recorded": "17 May", "shot_by": "Ana Sousa", "title": "x"}
    told = about(replace(library.moments[0], evidence=(found,)), video, {}, fields=stated)
    assert told["fields"] == [("Shot by", [("Ana", True), (" Sousa", False)])]
    undated = about(library.moments[0], replace(video, recorded_at=None), {}, fields=stated)
    assert [name for name, _ in undated["fields"]] == ["Recorded", "Shot by"]


def test_a_moment_of_several_shots_with_repeats(library: FakeLibrary) -> None:
    one, two, three = library.moments[:3]
    joined = replace(one, end_us=two.end_us, segments=(one.segment, two.segment), repeats=(three,), more=2)
    made = card(joined, {video.id: video for video in library.videos()})
    assert (made["shots"], made["more"], made["span"]) == ("2 shots", 2, "10:00:00:00–10:00:08:00")
    assert [(repeat["id"], repeat["span"]) for repeat in made["repeats"]] == [
        (three.segment, "10:00:08:00–10:00:12:00")
    ]


def test_what_was_said_is_quoted_with_its_words_marked(library: FakeLibrary) -> None:
    said = Evidence("words", 1, "transcript", ("tide",), ((4, 8),), "the tide is out", None)
    made = card(replace(library.moments[0], evidence=(said,)), {})
    assert made["quotes"] == [
        {"field": "transcript", "text": [("the ", False), ("tide", True), (" is out", False)]},
    ]
    assert made["reasons"] == ""  # the quote says it
    assert made["caption"] == [(library.moments[0].text, False)]


def test_by_video_lists_the_best_moment_of_each(visit: Visit) -> None:
    shown = visit(q="the", by="Videos")
    every = [*cards(shown), *cards(shown, grid="weaker moments")]
    videos = [one["link"]["v"] for one in every]  # type: ignore[index]
    assert len(videos) == len(set(videos)) == 3
    assert sorted(one["more"] for one in every) == [0, 1, 2]  # type: ignore[type-var]


def test_the_list_can_be_switched(visit: Visit) -> None:
    at = visit(q="the")
    before = len([*cards(at), *cards(at, grid="weaker moments")])
    at.segmented_control(key="by").set_value("Videos").run()
    assert len([*cards(at), *cards(at, grid="weaker moments")]) < before


def test_only_a_search_can_be_listed_by_video(library: FakeLibrary, visit: Visit) -> None:
    alike = visit(like=library.moments[1].segment, by="Videos")
    assert alike.segmented_control(key="by").proto.disabled
    assert "**4 moments in 2 videos** · most alike first" in words_on(alike)
    assert not visit(q="boat").segmented_control(key="by").proto.disabled


def test_how_much_was_found_is_read_aloud(visit: Visit) -> None:
    assert payloads(visit(q="gulls quay"))["moments"]["told"] == "1 moment in 1 video"
    assert payloads(visit(q="gulls quay"))["weaker moments"]["told"] == ""
    assert payloads(visit(q="zorbly quux"))["moments"]["told"] == "Nothing matches"


def test_more_like_this_is_in_the_address(library: FakeLibrary, visit: Visit) -> None:
    segment = library.moments[1].segment
    at = visit(like=segment, q="boat")
    assert "**More like** Harbour morning · 10\\:00\\:04\\:00–10\\:00\\:08\\:00" in words_on(at)
    assert segment not in [one["id"] for one in cards(at)]
    assert {one["reasons"] for one in cards(at)} == {"strong in meaning (1st)"}
    at.button(key="not like this").click().run()
    assert "like" not in at.query_params
    assert "More like" not in words_on(at)


def test_what_is_little_alike_is_folded(library: FakeLibrary, visit: Visit) -> None:
    at = visit(like=library.moments[1].segment)
    assert {one["link"]["v"] for one in cards(at, grid="weaker moments")} == {LOST}  # type: ignore[index]
    lone = visit(like=library.moments[-1].segment)
    assert "**Nothing here is much like it**" in words_on(lone)
    assert (len(cards(lone)), len(cards(lone, grid="weaker moments"))) == (0, 5)


def test_typing_leaves_likeness(library: FakeLibrary, visit: Visit) -> None:
    at = visit(like=library.moments[1].segment)
    at.text_input(key="q").input("gulls quay").run()
    assert "like" not in at.query_params
    assert [plain(one["caption"]) for one in cards(at)] == ["Gulls over a grey quay; the camera zooms in."]


def test_filters_hold_for_what_is_alike(library: FakeLibrary, visit: Visit) -> None:
    at = visit(like=library.moments[1].segment, video=HALL)
    assert {one["link"]["v"] for one in cards(at)} == {HALL}  # type: ignore[index]


def test_an_unknown_segment_is_told(visit: Visit) -> None:
    at = visit(like="s99")
    assert "There is no segment 's99' in this library" in words_on(at)
    assert cards(at) == []


def test_a_corrected_query_says_so_and_offers_what_was_typed(visit: Visit) -> None:
    at = visit(q="red boaf")
    assert "Searching for “red boat”" in words_on(at)
    at.button(key="exact").click().run()
    assert at.text_input(key="q").value == 'red "boaf"'


def test_typed_filters_are_chips_to_take_away(visit: Visit) -> None:
    at = visit(q="boat camera:static light:warm")
    assert [one.label for one in at.button if one.key and one.key.startswith("typed filter")] == [
        r"camera\: static",
        r"light\: warm",
    ]
    at.button(key="typed filter 0").click().run()
    assert at.text_input(key="q").value == "boat light:warm"


def test_a_plain_query_is_not_told_back(visit: Visit) -> None:
    assert "Read as" not in words_on(visit(q="red  Boat"))


def test_the_order_of_filters_alone_is_not_told_back(visit: Visit) -> None:
    assert "Read as" not in words_on(visit(q="camera:static boat"))


def test_what_could_not_be_read_or_met_is_told_as_it_stands(visit: Visit) -> None:
    among_others = visit(q="boat light:warm light:violet")
    assert cards(among_others)
    assert r"Nothing here is \*light\:violet\*\." in words_on(among_others)
    nothing = visit(q="boat light:violet")
    assert "Nothing in this library matches" in words_on(nothing)
    assert r"Nothing here is \*light\:violet\*\." in words_on(nothing)
    assert "Try other words" not in words_on(nothing)
    assert nothing.pills(key="try").options[0] == "boat"


def test_only_weak_matches_are_called_so(visit: Visit) -> None:
    assert "only weak matches" in words_on(visit(q="boat", video=HALL))
    assert "only weak matches" not in words_on(visit(q="boat"))


def test_how_to_search_is_there(visit: Visit) -> None:
    assert "`a plane lands THEN people wave`" in words_on(visit())


def test_a_picture_is_asked_for_where_it_can_be_compared_and_else_is_said_what_to_do(tmp_path: Path) -> None:
    library = fake_library(tmp_path)
    without = open_page(lambda: library, {})
    assert len(without.get("file_uploader")) == 0
    assert "This library has no image embedder; give it one with: shotlist worker." in words_on(without)
    library.pictures = True
    able = open_page(lambda: library, {})
    assert len(able.get("file_uploader")) == 1
    assert "image embedder" not in words_on(able)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_an_uploaded_picture_is_read_upright_and_made_small(kind: str) -> None:
    data = BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    Image.new("RGB", (3000, 1500), "red").save(data, kind, exif=exif)
    assert read_picture(data.getvalue()).shape == (1024, 512, 3)


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"<svg onload=alert(1)>"])
def test_what_is_no_picture_is_told(data: bytes) -> None:
    with pytest.raises(UsageError, match="no JPEG, PNG or WebP"):
        read_picture(data)


def test_too_large_a_picture_is_told() -> None:
    data = BytesIO()
    Image.new("1", (7000, 6000)).save(data, "PNG")
    with pytest.raises(UsageError, match="too large"):
        read_picture(data.getvalue())
