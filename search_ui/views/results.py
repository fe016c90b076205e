"""What a search found: how it was read, moments as cards, weaker ones folded; and what to try where nothing is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from indexer.domain import Filters, Hit, Listing, SearchResult, Video, VideoId
from search_ui import address, wording
from search_ui.cards import card
from search_ui.components.results_grid import Choice, results_grid
from search_ui.library_access import ReadableLibrary
from search_ui.wording import listed, literal

SUGGESTED = "suggested"
_SHOWN, _OPENED = "moments shown", "a moment was opened"
"""What a visitor's session keeps: what to search instead; {grid: its hits}; whether to open the drawer."""


@dataclass(frozen=True)
class Page:
    """What is shown, and the videos it is of; `summary` is the place for how much was found, `listing` what is counted.
    Making one begins with nothing shown."""

    library: ReadableLibrary
    videos: Mapping[VideoId, Video]
    summary: DeltaGenerator
    listing: Listing

    def __post_init__(self) -> None:
        st.session_state[_SHOWN] = {}


def shown() -> list[Sequence[Hit]]:
    """The hits of each grid."""
    return list(st.session_state[_SHOWN].values())


def was_opened() -> bool:
    """Whether a card was chosen since this was asked before."""
    return bool(st.session_state.pop(_OPENED, False))


def show_result(page: Page, query: str, result: SearchResult, *, took_ms: float) -> None:
    nothing = result.strength == "none"
    weak = () if result.strength == "weak" else tuple(hit for hit in result.hits if hit.strength in ("weak", "none"))
    good = () if nothing else tuple(hit for hit in result.hits if hit not in weak)
    counted = "Nothing matches" if nothing else wording.counts(good, of=page.listing)
    only = "only weak matches · " if result.strength == "weak" else ""
    page.summary.markdown(f"**{counted}** · {only}{took_ms:.0f} ms")
    _show_reading(query, result)
    if nothing:
        _show_nothing(page, query, result)
    else:
        _show_remarks([*_unknown(result), *result.remarks])
        _show_cards(page, good, key="moments")
        _fold_weaker(page, weak)


def show_newest(page: Page, found: Sequence[Hit], chosen: Filters) -> None:
    if found:
        which = "that pass the filters" if chosen else "newest first"
        page.summary.markdown(f"**{wording.counts(found, of=page.listing)}** · {which}")
    else:
        page.summary.markdown("No moment passes these filters. Take one away, or clear them.")
    _show_cards(page, found, key="moments")


def show_alike(page: Page, found: Sequence[Hit]) -> None:
    weak = [hit for hit in found if hit.strength in ("weak", "none")]
    alike = [hit for hit in found if hit not in weak]
    counted = wording.counts(alike, of=page.listing)
    page.summary.markdown(f"**{counted}** · most alike first" if alike else "**Nothing here is much like it**")
    _show_cards(page, alike, key="moments")
    _fold_weaker(page, weak)


def _unknown(result: SearchResult) -> list[str]:
    unknown = result.unknown_words
    if not unknown:
        return []
    return [f"{listed(unknown)} {'occurs' if len(unknown) == 1 else 'occur'} in no text and no name here."]


def _show_remarks(remarks: Sequence[str]) -> None:
    """Quietly, a line each."""
    if remarks:
        with st.container(key="remarks"):
            st.markdown("  \n".join(map(literal, remarks)))


def _show_reading(query: str, result: SearchResult) -> None:
    """How the query was understood, where that is not plain: corrections, filters to take away, the whole."""
    if not result.corrections and not result.typed_filters and _same(query, result.read_as):
        return
    with st.container(key="reading", horizontal=True, vertical_alignment="center", gap="xsmall"):
        if result.corrections:
            st.markdown(f"Searching for {literal(listed([_words_of(result)]))}")
            typed = literal(listed([one.typed for one in result.corrections]))
            exact = _exactly(query, result)
            st.button(f"Only {typed}", on_click=_suggest_now, args=(exact,), type="tertiary", key="exact")
        elif not _same(query, result.read_as) and _words_of(result):
            st.markdown(f"Read as {literal(listed([_words_of(result)]))}")
        for place, typed in enumerate(result.typed_filters):
            st.button(
                literal(wording.filter_words(typed)),
                on_click=_suggest_now,
                args=(_without(result, typed),),
                icon=":material/close:",
                help="Take this filter away",
                key=f"typed filter {place}",
            )


def _same(query: str, read_as: str) -> bool:
    """Whatever the order: filters stand at the end of what is read."""
    return sorted(query.casefold().split()) == sorted(read_as.casefold().split())


def _exactly(query: str, result: SearchResult) -> str:
    """The query with its corrected words in quotation marks, which are searched as they stand."""
    for one in result.corrections:
        query = query.replace(one.typed, f'"{one.typed}"', 1)
    return query


def _without(result: SearchResult, typed: str) -> str:
    """The query without one of its filters, which stand at the end of what was read."""
    return " ".join(filter(None, [_words_of(result), *(one for one in result.typed_filters if one != typed)]))


def _words_of(result: SearchResult) -> str:
    return result.read_as.removesuffix(" ".join(result.typed_filters)).strip()


def _show_nothing(page: Page, query: str, result: SearchResult) -> None:
    with st.container(key="nothing"):
        st.markdown(f"## Nothing in this library matches {literal(listed([query]))}")
        why = [*result.remarks, *_unknown(result)]
        st.markdown("  \n".join(map(literal, why or ["Try other words; captions say what can be seen."])))
        suggestions = _suggestions(page.library, result)
        st.pills("Try", suggestions, format_func=literal, key="try", on_change=_take_suggestion)
    _show_cards(page, (), key="moments")
    _fold_weaker(page, result.hits)


def _suggestions(library: ReadableLibrary, result: SearchResult) -> list[str]:
    """What does match: the query without unknown words and without filters that nothing passes, titles, and what was
    measured most often."""
    missing = {word.casefold() for word in result.unknown_words}
    words = _words_of(result).split()
    known = [word for word in words if word.casefold() not in missing]
    passing = [one for one in result.typed_filters if one not in result.unmet_filters]
    rest = " ".join([*known, *passing])
    commonest = [max(values, key=lambda value: values[value]) for values in library.facets().values() if values]
    titles = [video.title for video in library.videos() if 0 < len(video.title) <= 40]
    offered = [rest] if rest and rest != result.read_as else []
    return list(dict.fromkeys([*offered, *titles[:3], *(one for one in commonest if len(one) > 3)]))[:6]


def _take_suggestion() -> None:
    _suggest_now(st.session_state.pop("try", None))


def _suggest_now(query: str | None) -> None:
    st.session_state[SUGGESTED] = query


def _fold_weaker(page: Page, hits: Sequence[Hit]) -> None:
    if hits:
        with st.expander(f"Show {len(hits)} weaker match{'es' if len(hits) > 1 else ''}"):
            _show_cards(page, hits, key="weaker moments")


def _show_cards(page: Page, hits: Sequence[Hit], *, key: str) -> None:
    st.session_state[_SHOWN][key] = hits
    closed = address.closed_moment()
    returned_from = next((hit.segment for hit in hits if (hit.video, hit.start_us) == closed), None)
    cards = [card(hit, page.videos) for hit in hits]
    results_grid(
        cards,
        key=key,
        told=_read_aloud(page, hits) if key == "moments" else "",
        returned_from=returned_from,
        on_choice=lambda choice: _choose(key, choice),
    )


def _read_aloud(page: Page, hits: Sequence[Hit]) -> str:
    return wording.counts(hits, of=page.listing) if hits else "Nothing matches"


def _choose(key: str, choice: Choice) -> None:
    segment = getattr(st.session_state[key], choice)
    grid = st.session_state[_SHOWN].get(key, ())
    hit = next((one for hit in grid for one in (hit, *hit.repeats, *hit.steps) if one.segment == segment), None)
    if hit is None:
        return
    match choice:
        case "open":
            address.set_open_moment(hit.video, hit.start_us)
            st.session_state[_OPENED] = True
        case "like":
            address.set_likened(hit.segment)
        case "inside":
            st.session_state["by"] = "Moments"
            st.session_state["video"] = [hit.video]
            address.remember("video")
