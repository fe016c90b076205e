"""The search: a box, filters, and the moments found."""

import time
from collections.abc import Sequence

import streamlit as st

from indexer.domain import Filters, Hit, SearchResult, Video
from search_ui import address, wording
from search_ui.cards import card
from search_ui.components.results_grid import results_grid
from search_ui.library_access import ReadableLibrary
from search_ui.views import filters, moment

PAGE = 48
_SHOWN, _LIMIT, _OPENED = "moments shown", "moments asked for", "a moment was opened"
"""What a visitor's session keeps: {grid: its hits}; (search, how many to show); whether to open the drawer."""


def show(library: ReadableLibrary, videos: Sequence[Video]) -> None:
    _search(library, videos)
    if address.open_moment():
        moment.show(library, list(st.session_state[_SHOWN].values()))


@st.fragment
def _search(library: ReadableLibrary, videos: Sequence[Video]) -> None:
    """Everything that changes while someone types; the rest of the page stays as it is."""
    if st.session_state.pop(_OPENED, False):
        st.rerun()  # the drawer belongs to the whole page
    query = _ask()
    chosen = filters.show(library, videos)
    limit = _limit(query, chosen)
    st.session_state[_SHOWN] = {}
    if query:
        began = time.perf_counter()
        result = library.search(query, filters=chosen, limit=limit)
        _show_result(library, query, result, took_ms=(time.perf_counter() - began) * 1000)
        found = len(result.hits)
    else:
        newest = library.browse(filters=chosen, limit=limit)
        _show_newest(newest, chosen)
        found = len(newest)
    if found == limit:
        st.button("Show more", on_click=_raise_limit, icon=":material/expand_more:", key="more")


def _ask() -> str:
    if suggested := st.session_state.pop("suggested", None):
        st.session_state["q"] = suggested
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
    )
    return (typed or "").strip()


def _show_result(library: ReadableLibrary, query: str, result: SearchResult, *, took_ms: float) -> None:
    if result.strength == "none":
        _show_nothing(library, query, result)
        return
    weak = () if result.strength == "weak" else tuple(hit for hit in result.hits if hit.strength in ("weak", "none"))
    good = tuple(hit for hit in result.hits if hit not in weak)
    notes = _notes(query, result)
    with st.container(key="summary"):
        st.markdown(f"**{wording.counts(good)}** · {took_ms:.0f} ms" + "".join(f" · {note}" for note in notes))
    _show_cards(good, key="moments")
    _fold_weaker(weak)


def _notes(query: str, result: SearchResult) -> list[str]:
    notes = []
    if result.strength == "weak":
        notes.append("nothing matches closely; these are the nearest")
    if result.unknown_words:
        notes.append(f"{wording.literal(wording.listed(result.unknown_words))} not found anywhere")
    if result.read_as and result.read_as.casefold() != query.casefold():
        notes.append(f"read as {wording.literal(wording.listed([result.read_as]))}")
    return notes


def _show_nothing(library: ReadableLibrary, query: str, result: SearchResult) -> None:
    with st.container(key="nothing"):
        st.markdown(f"## Nothing in this library matches {wording.literal(wording.listed([query]))}")
        unknown = result.unknown_words
        if unknown:
            verb = "occurs" if len(unknown) == 1 else "occur"
            st.markdown(f"{wording.literal(wording.listed(unknown))} {verb} in no caption and no name here.")
        else:
            st.markdown("Try other words or fewer filters; captions say what can be seen.")
        _suggest(library, query, unknown)
    _fold_weaker(result.hits)


def _suggest(library: ReadableLibrary, query: str, unknown: Sequence[str]) -> None:
    suggestions = _suggestions(library, query, unknown)
    st.pills("Try", suggestions, format_func=wording.literal, key="try", on_change=_take_suggestion)


def _suggestions(library: ReadableLibrary, query: str, unknown: Sequence[str]) -> list[str]:
    """What does match: the known words of the query, titles, and what was measured most often."""
    missing = {word.casefold() for word in unknown}
    known = [word for word in query.split() if word.casefold() not in missing]
    commonest = [max(values, key=lambda value: values[value]) for values in library.facets().values() if values]
    titles = [video.title for video in library.videos() if 0 < len(video.title) <= 40]
    offered = [" ".join(known)] if known and len(known) < len(query.split()) else []
    return list(dict.fromkeys([*offered, *titles[:3], *(one for one in commonest if len(one) > 3)]))[:6]


def _take_suggestion() -> None:
    st.session_state["suggested"] = st.session_state.pop("try", None)


def _show_newest(found: Sequence[Hit], chosen: Filters) -> None:
    with st.container(key="summary"):
        if found:
            st.markdown(f"**{wording.counts(found)}** · {'that pass the filters' if chosen else 'newest first'}")
        else:
            st.markdown("No moment passes these filters. Take one away, or clear them.")
    _show_cards(found, key="moments")


def _fold_weaker(hits: Sequence[Hit]) -> None:
    if hits:
        with st.expander(f"Show {len(hits)} weaker match{'es' if len(hits) > 1 else ''}"):
            _show_cards(hits, key="weaker moments")


def _show_cards(hits: Sequence[Hit], *, key: str) -> None:
    st.session_state[_SHOWN][key] = hits
    closed = address.closed_moment()
    returned_from = next((hit.segment for hit in hits if (hit.video, hit.start_us) == closed), None)
    results_grid([card(hit) for hit in hits], key=key, returned_from=returned_from, on_open=lambda: _open(key))


def _open(key: str) -> None:
    segment = st.session_state[key].open
    hit = next((hit for hit in st.session_state[_SHOWN].get(key, ()) if hit.segment == segment), None)
    if hit is not None:
        address.set_open_moment(hit.video, hit.start_us)
        st.session_state[_OPENED] = True


def _limit(query: str, chosen: Filters) -> int:
    """How many moments to show: a page, and one more for each time more were asked for of the same search."""
    asked = st.session_state.get(_LIMIT)
    if asked is None or asked[0] != (query, chosen):
        st.session_state[_LIMIT] = ((query, chosen), PAGE)
    limit: int = st.session_state[_LIMIT][1]
    return limit


def _raise_limit() -> None:
    search, limit = st.session_state[_LIMIT]
    st.session_state[_LIMIT] = (search, limit + PAGE)
