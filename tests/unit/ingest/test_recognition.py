"""Which video a file is: the decisions, for every state the known places can be in."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from indexer.domain import Decoded, Location, Stretch
from indexer.ingest.recognition import Presence, Sighting, is_same_footage, settle

presences = st.lists(st.sampled_from(["there", "away", "gone"]), max_size=5)


def sightings(some: list[Presence]) -> list[Sighting]:
    return [
        Sighting(Location(Path(f"/tapes/{number}-{presence}.mov"), True, "tapes", f"{number}.mov", 0), presence)
        for number, presence in enumerate(some)
    ]


@given(presences)
def test_only_what_is_certainly_gone_is_forgotten(some: list[Presence]) -> None:
    others = sightings(some)
    settled = settle(others)
    assert settled.gone == tuple(one.location for one in others if one.presence == "gone")
    assert (settled.reason == "copy") == ("there" in some)


@given(presences.filter(bool))
def test_a_file_that_is_there_is_named_before_one_that_may_be(some: list[Presence]) -> None:
    best = min(some, key=["there", "away", "gone"].index)
    assert f"{some.index(best)}-{best}.mov" in settle(sightings(some)).message


def test_what_has_no_other_place_is_found_again() -> None:
    assert settle([]).reason == "moved"


def test_a_name_that_is_no_text_is_shown() -> None:
    odd = Location(Path("/caf\udce9.mov"), True, "tapes", "caf\ufffd.mov", 0)
    assert settle([Sighting(odd, "gone")]).message == "moved here from /caf\ufffd.mov"


counts, lengths = st.integers(0, 3), st.integers(0, 3)


@given(counts, lengths, counts, lengths)
def test_the_same_footage_has_as_many_frames_and_is_as_long(frames: int, end: int, more: int, longer: int) -> None:
    before = Decoded(frames, end, None, (Stretch(0, 40_000),))
    assert is_same_footage(before, Decoded(more, longer, None)) == ((frames, end) == (more, longer))


def test_a_video_never_counted_is_never_taken_for_another_file_s() -> None:
    assert not is_same_footage(None, Decoded(1, 1, None))
