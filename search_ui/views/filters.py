"""The filters, in the row under the search box."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

import streamlit as st

from indexer.domain import Facet, Filters, Video, VideoId
from indexer.timecode import MICROSECONDS
from search_ui import address
from search_ui.library_access import ReadableLibrary
from search_ui.wording import literal

LENGTHS: Mapping[str, tuple[int | None, int | None]] = {
    "under 3 s": (None, 3),
    "3 to 10 s": (3, 10),
    "10 to 30 s": (10, 30),
    "over 30 s": (30, None),
}
_ICONS = {
    "camera": ":material/videocam:",
    "colour": ":material/palette:",
    "faces": ":material/face:",
    "light": ":material/light_mode:",
    "movement": ":material/directions_run:",
    "shot": ":material/crop_free:",
    "tone": ":material/contrast:",
}
_FIRST_FILM = date(1880, 1, 1)


def show(library: ReadableLibrary, videos: Sequence[Video]) -> Filters:
    """Draw them; give what is chosen."""
    facets = {name: values for name, values in library.facets().items() if len(values) > 1 or _chosen(_facet_key(name))}
    chosen_videos = _choose_videos(videos)
    folder = _choose_folder(library.folders())
    recorded_from, recorded_to = _choose_dates(videos)
    longer_us, shorter_us = _choose_length()
    chosen_facets = [Facet(name, value) for name in facets for value in _choose_facet(name, facets[name])]
    filters = Filters(
        videos=tuple(chosen_videos),
        folder=folder,
        recorded_from=recorded_from,
        recorded_to=recorded_to,
        longer_us=longer_us,
        shorter_us=shorter_us,
        facets=tuple(chosen_facets),
    )
    if filters:
        keys = ["video", *map(_facet_key, facets)]
        st.button(
            "Clear filters",
            on_click=_clear,
            args=(keys,),
            type="tertiary",
            icon=":material/filter_alt_off:",
            key="clear filters",
        )
    return filters


def _choose_videos(videos: Sequence[Video]) -> list[VideoId]:
    titles = {video.id: video.title for video in videos}
    if len(titles) < 2:
        return []
    address.recall("video", titles)
    with st.popover(_label("Video", "video"), icon=":material/movie:", key="video filter"):
        return st.multiselect(
            "Only in these videos",
            list(titles),
            format_func=lambda video: titles[video],
            key="video",
            on_change=address.remember,
            args=("video",),
            placeholder="Choose by title",
        )


def _choose_folder(folders: Sequence[str]) -> str | None:
    with st.popover(_label("Folder", "folder"), icon=":material/folder:", key="folder filter"):
        return st.selectbox(
            "Only below this folder",
            folders,
            index=None,
            key="folder",
            bind="query-params",
            accept_new_options=True,
            placeholder="Choose, or type a part of the path",
        )


def _choose_dates(videos: Sequence[Video]) -> tuple[str | None, str | None]:
    if not any(video.recorded_at for video in videos):
        return None, None
    latest = date.today() + timedelta(days=1)
    with st.popover(_label("Recorded", "from", "to"), icon=":material/calendar_month:", key="recorded filter"):
        first, last = (
            st.date_input(label, None, _FIRST_FILM, latest, key=key, bind="query-params", format="YYYY-MM-DD")
            for label, key in (("From", "from"), ("To", "to"))
        )
    return (first.isoformat() if first else None), (last.isoformat() if last else None)


def _choose_length() -> tuple[int | None, int | None]:
    with st.popover(_label("Length", "length"), icon=":material/timer:", key="length filter"):
        length = st.pills("How long the moment is", list(LENGTHS), key="length", bind="query-params")
    longer, shorter = LENGTHS[length] if length else (None, None)
    return (longer and longer * MICROSECONDS), (shorter and shorter * MICROSECONDS)


def _choose_facet(name: str, counts: Mapping[str, int]) -> list[str]:
    key = _facet_key(name)
    address.recall(key, counts)
    with st.popover(_label(_heading(name), key), icon=_ICONS.get(name, ":material/sell:"), key=f"{name} filter"):
        return st.pills(
            f"{_heading(name)}: any of these",
            sorted(counts, key=lambda value: (-counts[value], value)),
            selection_mode="multi",
            format_func=_with_count(counts),
            key=key,
            on_change=address.remember,
            args=(key,),
        )


def _with_count(counts: Mapping[str, int]) -> Callable[[str], str]:
    return lambda value: f"{literal(value)} :gray[{counts[value]:,}]"


def _clear(keys: Sequence[str]) -> None:
    for key in keys:
        st.session_state[key] = []
        address.remember(key)
    for key in ("folder", "from", "to", "length"):
        if key in st.session_state:
            st.session_state[key] = None


def _label(name: str, *keys: str) -> str:
    """The name of a filter, and how many of its values are chosen."""
    chosen = sum(len(_chosen(key)) for key in keys)
    return f"{literal(name)} · {chosen}" if chosen else literal(name)


def _chosen(key: str) -> Sequence[object]:
    value = st.session_state.get(key)
    if not value:
        return []
    return value if isinstance(value, list) else [value]


def _facet_key(name: str) -> str:
    return f"facet.{name}"


def _heading(name: str) -> str:
    return name.replace("_", " ").capitalize()
