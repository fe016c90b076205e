"""Which video a name means."""

from dataclasses import replace

import pytest

from indexer.domain import VideoId
from indexer.ingest.importing.bad_rows import RowError
from indexer.ingest.importing.names import Named, Names
from indexer.store.imports import NamedVideo

ROOT = "/mnt/tapes"


def video(id_: str, *paths: str, identifier: str = "") -> NamedVideo:
    return NamedVideo(
        1, VideoId(id_), "file", None, None, None, identifier, "", tuple(f"{ROOT}/{path}" for path in paths), paths
    )


KNOWN = (
    video("v1", "day 1/A001.MOV", identifier="BT-0431"),
    video("v2", "day 2/A001.mov"),
    video("v3", "Café.mp4", "copies/cafe.mp4"),
)


def found(name: str, identifier: str = "") -> str | None:
    named = Names.of(KNOWN).find(name, identifier)
    return named.known.id if named and named.known else None


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("v2", "v2"),
        ("bt-0431", "v1"),
        ("/mnt/tapes/day 2/A001.mov", "v2"),
        ("D:\\archive\\day 1\\a001.mov", "v1"),
        ("day 2/a001", "v2"),
        ("cafe\u0301", "v3"),  # an accent of its own, as Macs write it
        ("cafe.mp4", "v3"),
        ("day 3/A001.mov", None),
        ("old day 1/A001.mov", None),
        ("tapes/day 1/A001.mov", "v1"),
        ("elsewhere/day 2/A001.mov", "v2"),
        ("elsewhere/cafe.mp4", None),
        ("A002", None),
        ("/", None),
    ],
)
def test_names(name: str, id_: str | None) -> None:
    assert found(name) == id_


def test_several() -> None:
    with pytest.raises(RowError, match=r"may mean v1 \(/mnt/tapes/day 1/A001.MOV\), v2") as told:
        found("a001.mov")
    assert told.value.reason == "ambiguous_video"
    assert found("a001.mov", "BT-0431") == "v1"


def test_a_name_counts_for_no_video_with_another_identifier() -> None:
    assert found("day 1/a001.mov", "BT-0432") is None
    assert found("day 2/a001.mov", "BT-0432") == "v2"


def test_what_was_named_before_is_known() -> None:
    names, named = Names(), Named("B/001.mov")
    names.add("B/001.mov", named)
    assert [names.find(typed, "") for typed in ("b/001.mov", "001", "C/001.mov", "B-001")] == [named, named, None, None]


def test_cards_of_one_camera_are_different_videos() -> None:
    names, card = Names(), Named("CARD1/CLIP/0001.MXF")
    names.add("CARD1/CLIP/0001.MXF", card)
    found = {
        typed: names.find(typed, "") for typed in ("CARD2/CLIP/0001.MXF", "CLIP/0001.MXF", "E:/CARD1/CLIP/0001.MXF")
    }
    assert list(found.values()) == [None, card, card]
    assert names.near("CARD2/CLIP/0001.MXF") == [card]
    footage = Names.of([video("v1", "CARD1/CLIP/0001.MXF")])
    assert footage.find("CARD2/CLIP/0001.MXF", "") is None
    assert str(footage.find("/Volumes/CARD1/CLIP/0001.MXF", "")).startswith("v1")


@pytest.mark.parametrize(("longer", "shorter"), [("BT0431.A01", "BT0431"), ("talk.en", "talk"), ("a/cut.v2", "a/cut")])
def test_a_dot_in_a_name_begins_a_suffix_only_before_what_media_files_are_called(longer: str, shorter: str) -> None:
    names = Names()
    names.add(longer, Named(longer))
    assert names.find(shorter, "") is None
    names.add(f"{shorter}.MXF", Named(shorter))
    assert str(names.find(shorter, "")) == shorter


def test_an_identifier_may_be_the_stem_of_a_file_or_the_reel_it_states() -> None:
    reels = Names.of([replace(video("v4", "one.mov"), reel="BT-7"), replace(video("v5", "two.mov"), reel="A001")])
    found = [reels.find("", identifier) for identifier in ("one", "bt-7", "a001", "BT-8")]
    assert [one and str(one) for one in found] == [
        "v4 (/mnt/tapes/one.mov)",
        "v4 (/mnt/tapes/one.mov)",
        "v5 (/mnt/tapes/two.mov)",
        None,
    ]
    shared = Names.of([replace(video(f"v{n}", f"{n}.mov"), reel="A001") for n in (1, 2)])
    assert shared.find("A001", "") is None, "nobody knows which file of the tape"
