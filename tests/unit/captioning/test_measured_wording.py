"""Facts become sentences and facets: nothing invented, nothing lost."""

import string

from hypothesis import given
from hypothesis import strategies as st

from indexer.captioning.measured.colours import _NAMES as COLOURS
from indexer.captioning.measured.facts import Appearance, Camera, Faces, Facts, Light, Motion, Movement, Shot, Tone
from indexer.captioning.measured.wording import list_facets, write_caption
from indexer.domain import Facet


def literals(kind: object) -> tuple[str, ...]:
    return tuple(kind.__args__)  # type: ignore[attr-defined]


def some(kind: object) -> st.SearchStrategy:
    return st.none() | st.sampled_from(literals(kind))


facts = st.builds(
    Facts,
    motion=st.builds(Motion, some(Camera), some(Movement)),
    appearance=st.builds(
        Appearance,
        st.lists(st.sampled_from(literals(Light)), max_size=3, unique=True).map(tuple),
        st.lists(st.sampled_from(COLOURS), max_size=3, unique=True).map(tuple),
        some(Tone),
    ),
    faces=st.builds(Faces, st.integers(0, 12), st.booleans(), some(Shot)),
    seconds=st.floats(0.001, 20_000),
)
NOTHING = Facts(Motion(None, None), Appearance((), (), None), Faces(0, False, None), 3.0)


@given(facts)
def test_sentences_are_whole_and_printable(one: Facts) -> None:
    text = write_caption(one)
    assert set(text) <= set(string.ascii_letters + string.digits + " .,;-")
    assert "  " not in text
    assert "None" not in text
    assert not text or (text.endswith(".") and text[0].isupper())


@given(facts)
def test_every_facet_is_among_the_facts(one: Facts) -> None:
    facets = list_facets(one)
    assert len(set(facets)) == len(facets)
    held = {name: [facet.value for facet in facets if facet.name == name] for name in ("camera", "colour", "faces")}
    assert held["camera"] == ([one.motion.camera] if one.motion.camera else [])
    assert tuple(held["colour"]) == one.appearance.colours
    assert "0" not in held["faces"]


@given(facts)
def test_an_unsure_number_of_faces_is_never_a_number(one: Facts) -> None:
    if one.faces.count and not one.faces.complete:
        assert "at least" in write_caption(one).lower()
        assert Facet("faces", "1") not in list_facets(one)


def test_nothing_measured_nothing_said() -> None:
    assert write_caption(NOTHING) == ""
    assert list_facets(NOTHING) == ()


def test_a_full_caption_reads_naturally() -> None:
    full = Facts(
        Motion("pan left", None),
        Appearance(("dark",), ("dark blue", "orange"), None),
        Faces(1, True, "close-up"),
        4.2,
    )
    assert write_caption(full) == (
        "Close-up of one face. The camera pans or travels to the left. "
        "The picture is mainly dark blue and orange. A dark picture. 4.2 seconds."
    )
    assert list_facets(full) == (
        Facet("camera", "pan left"),
        Facet("shot", "close-up"),
        Facet("faces", "1"),
        Facet("light", "dark"),
        Facet("colour", "dark blue"),
        Facet("colour", "orange"),
    )


def test_a_black_and_white_static_shot() -> None:
    shot = Facts(Motion("static", "some"), Appearance((), (), "black and white"), Faces(4, False, "wide"), 125.0)
    assert write_caption(shot) == (
        "Wide shot of at least four faces. Static camera, something moves in the picture. "
        "Black and white picture. 2 minutes 5 seconds."
    )
    assert Facet("faces", "3+") in list_facets(shot)
