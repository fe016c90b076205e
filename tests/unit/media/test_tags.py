"""Titles, dates, reels and cards from tags, and from what cameras call their clips."""

import pytest

from indexer.media.probing.tags import recorded_at, reel_and_card, title_of

UMID = "0x060A2B340101010501010D0013B400BE52947134A1B400BE0052947134A1B400"


@pytest.mark.parametrize(
    ("name", "reel", "card"),
    [
        ("A004C010_20100610_R1JL", "A004", "A004R1JL"),  # ARRI
        ("A001C002_210807_R1AB", "A001", "A001R1AB"),
        ("B012_L003_0503B6", "B012", None),  # RED, left eye
        ("A001_C002_0807XY_001", "A001", None),
        ("A001_08071230_C002", "A001", None),  # Blackmagic Design
        ("A001C002_210807XY", "A001", None),  # Sony
        ("A001C001_160101X7_CANON", "A001", None),
        ("A008C0001_20210808061442_0001", "A008", None),  # Z CAM
        ("A001C002_210807_R1AB_proxy", None, None),
        ("A001", None, None),
        ("IMG_0001", None, None),
        ("GX010023", None, None),
        ("a001_c002_0807xy", None, None),
    ],
)
def test_camera_names(name: str, reel: str | None, card: str | None) -> None:
    assert reel_and_card([], name) == (reel, card)


def test_a_tag_goes_before_a_name() -> None:
    assert reel_and_card([{"reel_name": "T0815"}], "A004C010_20100610_R1JL") == ("T0815", "A004R1JL")
    tags = {"com.apple.proapps.reel": "008", "com.zcam.camera.storage": "G10ABAAA9NA"}
    assert reel_and_card([tags], "x") == ("008", "G10ABAAA9NA")


def test_the_camera_s_name_outlives_a_renaming() -> None:
    assert reel_and_card([{"com.apple.proapps.clipID": "A004C010_20100610_R1JL"}], "x") == ("A004", "A004R1JL")


def test_a_umid_is_no_reel() -> None:
    assert reel_and_card([{"com.apple.proapps.reel": UMID}], "x") == (None, None)
    assert reel_and_card([{"reel_name": UMID}, {"reel": "7"}], "x") == ("7", None)


def test_names_of_tags_in_any_case() -> None:
    assert title_of([{"TITLE": "Harbour"}]) == "Harbour"


def test_titles_are_one_clean_line() -> None:
    assert title_of([{"title": "\x1f Harbour\r\n \t at\x00dusk  "}]) == "Harbour at dusk"
    assert title_of([{"title": " \n "}, {"title": "x" * 10_000}]) == "x" * 500
    assert title_of([{"comment": "no title"}]) is None


def test_the_date_with_a_time_zone_goes_first() -> None:
    tags = {
        "creation_time": "2021-08-07T10:13:14.000000Z",
        "date": "2022",
        "com.apple.quicktime.creationdate": "2021-08-07T12:13:14+0200",
    }
    assert recorded_at([tags]) == "2021-08-07T12:13:14+02:00"


def test_a_date_that_is_none_hides_no_other() -> None:
    assert recorded_at([{"creation_time": "1904-01-01T00:00:00Z", "date": "2003-03-10"}]) == "2003-03-10"
    assert recorded_at([{"creation_time": "soon"}]) is None
