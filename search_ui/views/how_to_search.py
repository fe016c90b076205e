"""How to ask, on one card."""

import streamlit as st

_WAYS = (
    ("boats at dusk", "words, and what they mean"),
    ('"on open water"', "these very words"),
    ("sunris*", "words that begin so"),
    ("harbour -night", "without a word, a “phrase” or a filter"),
    ("boats OR ships", "the one or the other"),
    ("a plane lands THEN people wave", "one after the other in a video; also `THEN within 30s`"),
    ("BT-0431 · 12 April 1987", "names, numbers and dates, however they are written"),
    ("camera:pan · shot:close-up · faces:2+", "what was measured"),
    ("place:Lisbon · tag:goal", "fields and tags of the archive"),
    ("after:2024-01 · before:2024-06-30", "when it was recorded"),
    ("longer:30s · shorter:2m", "how long a moment is"),
    ('in:"day one" · by:human · has:speech', "folder; who wrote; what is there"),
)


def show_how_to_search() -> None:
    with st.popover("How to search", icon=":material/help:", type="tertiary", key="how to search"):
        rows = "".join(f"| {_codes(typed)} | {finds} |\n" for typed, finds in _WAYS)
        st.markdown(f"| type | finds |\n|---|---|\n{rows}")


def _codes(typed: str) -> str:
    return " ".join(f"`{one}`" for one in typed.split(" · "))
