"""The search: a box, filters, and the moments found."""

import time
from collections.abc import Sequence
from typing import Literal

import streamlit as st

from indexer.domain import Filters, Listing, SearchResult, Video
from indexer.errors import ShotlistError
from search_ui import address
from search_ui.library_access import ReadableLibrary
from search_ui.views import filters, likeness, moment, results
from search_ui.views.how_to_search import show_how_to_search
from search_ui.wording import sentence

PAGE = 48
LISTINGS: dict[str, Listing] = {"Moments": "moments", "Videos": "videos"}
_LIMIT = "moments asked for"
"""What a visitor's session keeps: (search, how many to show)."""


def show(library: ReadableLibrary, videos: Sequence[Video]) -> None:
    _search(library, videos)
    if address.open_moment():
        moment.show(library, results.shown())


@st.fragment
def _search(library: ReadableLibrary, videos: Sequence[Video]) -> None:
    """Everything that changes while someone types; the rest of the page stays as it is."""
    if results.was_opened():
        st.rerun()  # the drawer belongs to the whole page
    query = _ask()
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="filters"):
        chosen = filters.show(library, videos)
        picture = likeness.choose_picture(library)
    like = picture or address.likened()
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="head"):
        summary = st.container(key="summary")
        listing = _choose_listing(of="likeness" if like else "search")
    limit = _limit(query, chosen, like, listing)
    page = results.Page(library, {video.id: video for video in videos}, summary, "moments" if like else listing)
    if like:
        found = _find_like(page, like, chosen, limit)
    elif query:
        began = time.perf_counter()
        result = library.search(query, filters=chosen, limit=limit, listing=listing)
        results.show_result(page, query, result, took_ms=(time.perf_counter() - began) * 1000)
        found = len(result.hits)
    else:
        newest = library.browse(filters=chosen, limit=limit, listing="segments" if listing == "moments" else listing)
        results.show_newest(page, newest, chosen)
        found = len(newest)
    if found == limit:
        st.button("Show more", on_click=_raise_limit, icon=":material/expand_more:", key="more")


def _ask() -> str:
    if suggested := st.session_state.pop(results.SUGGESTED, None):
        st.session_state["q"] = suggested
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="asking"):
        typed = st.text_input(
            "Search the footage",
            key="q",
            bind="query-params",
            type="search",
            live="250ms",
            placeholder="Describe a moment, or name a place, a camera move, a file",
            icon=":material/search:",
            label_visibility="collapsed",
            autocomplete="off",
            on_change=likeness.forget,
        )
        show_how_to_search()
    return (typed or "").strip()


def _choose_listing(of: Literal["search", "likeness"]) -> Listing:
    """What is like something is always listed by moments."""
    by = st.segmented_control(
        "List by",
        list(LISTINGS),
        default="Moments",
        required=True,
        key="by",
        bind="query-params",
        label_visibility="collapsed",
        disabled=of == "likeness",
    )
    return LISTINGS[by]


def _find_like(page: results.Page, like: likeness.Like, chosen: Filters, limit: int) -> int:
    """Show what is like a segment or a picture; gives how many there are."""
    try:
        result = _like(page.library, like, chosen, limit)
        likeness.show_what(page, like)
    except ShotlistError as error:
        likeness.show_problem(sentence(str(error)))
        return 0
    results.show_alike(page, result.hits)
    return len(result.hits)


def _like(library: ReadableLibrary, like: likeness.Like, chosen: Filters, limit: int) -> SearchResult:
    if isinstance(like, likeness.Picture):
        return library.like_picture(like.pixels, filters=chosen, limit=limit)
    return library.similar(like, filters=chosen, limit=limit)


def _limit(*search: object) -> int:
    """How many moments to show: a page, and one more for each time more were asked for of the same search."""
    told = repr(search)
    asked = st.session_state.get(_LIMIT)
    if asked is None or asked[0] != told:
        st.session_state[_LIMIT] = (told, PAGE)
    limit: int = st.session_state[_LIMIT][1]
    return limit


def _raise_limit() -> None:
    search, limit = st.session_state[_LIMIT]
    st.session_state[_LIMIT] = (search, limit + PAGE)
