"""The page's address: what is asked and open stands in it, so that a link or a reload brings it back.

Widgets whose labels are their values bind themselves to the address (`bind="query-params"`). The ones here show a
count or a title beside the value, so their values are read and written by hand.
"""

from collections.abc import Iterable

import streamlit as st

from indexer.domain import SegmentId, VideoId
from indexer.timecode import MICROSECONDS

VIDEO, TIME, LIKE = "v", "t", "like"
_CLOSED = "moment closed last"


def open_moment() -> tuple[VideoId, int] | None:
    """The moment that the address opens: its video and its time in microseconds."""
    video = st.query_params.get(VIDEO)
    if not video:
        return None
    try:
        t_us = round(float(st.query_params.get(TIME, "0")) * MICROSECONDS)
    except (ValueError, OverflowError):
        t_us = 0
    return VideoId(video), max(0, t_us)


def set_open_moment(video: VideoId, t_us: int) -> None:
    st.query_params.update({VIDEO: video, TIME: seconds(t_us)})


def close_moment() -> None:
    st.session_state[_CLOSED] = open_moment()
    for name in (VIDEO, TIME):
        st.query_params.pop(name, None)


def closed_moment() -> tuple[VideoId, int] | None:
    """The moment that was open last, until another one is."""
    closed: tuple[VideoId, int] | None = None if open_moment() else st.session_state.get(_CLOSED)
    return closed


def likened() -> SegmentId | None:
    """The segment whose like is asked for."""
    segment = st.query_params.get(LIKE)
    return SegmentId(segment) if segment else None


def set_likened(segment: SegmentId) -> None:
    close_moment()
    st.query_params[LIKE] = segment


def forget_likened() -> None:
    st.query_params.pop(LIKE, None)


Link = dict[str, str | None]
"""Parameters for scripts to put into an address; None: to take out of it."""


def link(video: VideoId, t_us: int) -> Link:
    """To a moment."""
    return {VIDEO: video, TIME: seconds(t_us)}


def link_to_like(segment: SegmentId) -> Link:
    """To what is like a segment."""
    return {LIKE: segment, VIDEO: None, TIME: None}


def seconds(t_us: int) -> str:
    """Exact, and as short as it can be: `12.5`."""
    return f"{t_us // MICROSECONDS}.{t_us % MICROSECONDS:06}".rstrip("0").rstrip(".")


def recall(key: str, options: Iterable[str]) -> None:
    """Give the widget `key` the values that the address names, when the address has changed under it."""
    known = set(options)
    asked = [value for value in st.query_params.get_all(key) if value in known]
    if st.session_state.get(_memory(key)) != asked:
        st.session_state[key] = asked
        st.session_state[_memory(key)] = asked


def remember(key: str) -> None:
    """Write the values of the widget `key` into the address."""
    values = list(st.session_state.get(key) or [])
    st.session_state[_memory(key)] = values
    if values:
        st.query_params[key] = values
    else:
        st.query_params.pop(key, None)


def _memory(key: str) -> str:
    return f"address of {key}"
