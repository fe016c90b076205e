"""One moment in a drawer at the right: the video playing there, and all that is known of it."""

from collections.abc import Sequence

import streamlit as st

from indexer.domain import Filters, Hit, VideoId
from indexer.errors import ShotlistError, UsageError
from search_ui import address
from search_ui.components.moment_facts import moment_facts
from search_ui.components.player import player
from search_ui.drawer import about, playing
from search_ui.library_access import ReadableLibrary
from search_ui.wording import sentence

_PLAYER, _KNOWN, _LEFT = "playing", "known", "the drawer was left"
_ALL = 100_000


@st.dialog("Moment", width=640, position="right", on_dismiss=address.close_moment)
def show(library: ReadableLibrary, grids: Sequence[Sequence[Hit]]) -> None:
    """Play the moment that the address opens; previous and next walk through the one of `grids` that holds it."""
    if st.session_state.pop(_LEFT, False):
        st.rerun()  # the results belong to the whole page
    opened = address.open_moment()
    if opened is None:
        return
    try:
        hit, results = _find(library, grids, *opened)
        video, segment = library.video(hit.video), library.segment(hit.segment)
        fields = library.fields(hit.video)
        beside = {one.video: library.video(one.video) for one in (hit, *hit.steps, *hit.repeats)}
    except ShotlistError as error:
        st.text(sentence(str(error)))
        return
    place = results.index(hit)
    at_us = opened[1] if _holds(hit, opened[1]) else hit.start_us
    player(
        playing(hit, video, segment, at_us=at_us, place=place + 1, places=len(results)),
        key=_PLAYER,
        on_step=lambda: _step(results, place),
    )
    known = about(hit, video, beside, fields=fields)
    moment_facts(known, key=_KNOWN, on_go=lambda: _go(hit), on_like=lambda: _leave_for_like(hit))


def _find(
    library: ReadableLibrary, grids: Sequence[Sequence[Hit]], video: VideoId, t_us: int
) -> tuple[Hit, Sequence[Hit]]:
    """The moment that holds the time, and its neighbours: a shown one before the others of that video, one that begins
    there before one that only reaches there.

    Raises `UsageError` for an unknown video or one without moments.
    """
    holding = [(hit, hits) for hits in grids for hit in hits if hit.video == video and _holds(hit, t_us)]
    if holding:
        return min(holding, key=lambda one: one[0].start_us != t_us)
    library.video(video)
    moments = library.browse(filters=Filters(videos=(video,)), limit=_ALL)
    if not moments:
        raise UsageError("this video has no moments yet; run `shotlist add` for it again")
    return min(moments, key=lambda hit: (not _holds(hit, t_us), abs(hit.start_us - t_us))), moments


def _holds(hit: Hit, t_us: int) -> bool:
    return hit.start_us <= t_us and (hit.end_us is None or t_us < hit.end_us)


def _step(results: Sequence[Hit], place: int) -> None:
    target = place + (st.session_state[_PLAYER].step or 0)
    if 0 <= target < len(results):
        address.set_open_moment(results[target].video, results[target].start_us)


def _go(hit: Hit) -> None:
    target = next((one for one in (*hit.steps, *hit.repeats) if one.segment == st.session_state[_KNOWN].go), None)
    if target is not None:
        address.set_open_moment(target.video, target.start_us)


def _leave_for_like(hit: Hit) -> None:
    address.set_likened(hit.segment)
    st.session_state[_LEFT] = True
