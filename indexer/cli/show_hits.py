"""What a search found, for people: a table of moments on stdout, what is said of it on stderr."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from indexer.cli.printing import printable, printable_lines
from indexer.cli.session import talk
from indexer.domain import Evidence, Hit, SearchResult, Video, VideoId
from indexer.library import Library
from indexer.timecode import clock, short_duration

_NEAREST: Final = 3  # are shown where nothing matches
_WIDEST: Final = 110  # columns of text, beyond which lines are hard to read
_OWN: Final = ("caption", "description")  # fields whose text is the hit's own
_LONGEST: Final = 160  # characters of a query that are said back
_LINES: Final = ("transcript", "screen_text")  # and those of which the line that matched is shown


def show_result(result: SearchResult, library: Library, *, asked: str, weaker: bool) -> None:
    """`asked`: what was typed; `weaker`: show weak matches beside good ones, else say how many there are."""
    for remark in result.remarks:
        talk(remark)
    _tell_reading(result, asked)
    folded = [] if weaker else _folded(result)
    _tell_strength(result, asked)
    show_hits([hit for hit in result.hits if hit not in folded], library, passed=result.typed_filters)
    if folded:
        matches = "match" if len(folded) == 1 else "matches"
        talk(f"{len(folded)} weaker {matches}; --all shows {'it' if len(folded) == 1 else 'them'}")


def show_hits(hits: Sequence[Hit], library: Library, *, passed: Sequence[str] = ()) -> None:
    """Numbered, each with its in and out point in source timecode. `passed` are filters that all of them pass, told
    where they were found by nothing else."""
    if not hits:
        return
    videos = {video: library.video(video) for video in dict.fromkeys(hit.video for hit in _all_of(hits))}
    table = Table.grid(padding=(0, 2, 1, 0))
    table.add_column(justify="right", style="dim")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold", max_width=_WIDEST)
    for place, hit in enumerate(hits, start=1):
        table.add_row(str(place), _span(hit, videos[hit.video]), _told(hit, videos, passed))
    Console(highlight=False).print(table)


def _tell_reading(result: SearchResult, asked: str) -> None:
    if result.corrections:
        typed = ", ".join(f'"{one.typed}"' for one in result.corrections)
        talk(f"Searching for: {_short(result.read_as)}   (quote {typed} to search for that)")
    elif result.read_as and sorted(result.read_as.casefold().split()) != sorted(asked.casefold().split()):
        talk(f"Read as: {_short(result.read_as)}")


def _tell_strength(result: SearchResult, asked: str) -> None:
    short = {word.rstrip("*") for word in asked.split() if word.endswith("*")}  # of which a remark tells
    nowhere = (word for word in result.unknown_words if word.rstrip("*") not in short)
    unknown = _short(", ".join(f"no {_quoted(word)}" for word in nowhere))
    if not (result.read_as or result.hits or result.remarks):
        talk("Type a word or a filter; there is none to search for.")
    elif result.strength == "none" and result.read_as:
        why = f": {unknown} in this library" if unknown else ""
        talk(f"Nothing in this library matches {_short(asked)!r}{why}.{' The nearest:' if result.hits else ''}")
    elif result.strength == "weak":
        talk(f"Only weak matches{f'; {unknown} in this library' if unknown else ''}:")
    elif unknown:
        talk(f"There is {unknown} in this library.")


def _folded(result: SearchResult) -> list[Hit]:
    if result.strength == "none":
        return list(result.hits[_NEAREST:])
    return [] if result.strength == "weak" else [hit for hit in result.hits if hit.strength in ("weak", "none")]


def _all_of(hits: Sequence[Hit]) -> list[Hit]:
    return [one for hit in hits for one in (hit, *hit.repeats, *hit.steps)]


def _span(hit: Hit, video: Video) -> Text:
    """In point, out point and length, one below the other."""
    if hit.end_us is None:
        return Text(_in_point(hit), "bold cyan")
    length = short_duration(hit.end_us - hit.start_us)
    return Text.assemble((_in_point(hit), "bold cyan"), f"\n{video.timecode(hit.end_us)}", (f"\n{length}", "dim"))


def _in_point(hit: Hit) -> str:
    return hit.timecode or clock(hit.start_us)


def _told(hit: Hit, videos: dict[VideoId, Video], passed: Sequence[str]) -> Text:
    """The video, the text with the words that matched in bold, what else was found of it, and why."""
    name = printable(hit.title or "Untitled")
    if hit.identifier and hit.identifier != hit.title:
        name += f"  {printable(hit.identifier)}"
    lines = [Text(name, "bold")]
    if hit.steps:
        lines += [_step(step, place, videos[step.video]) for place, step in enumerate(hit.steps)]
    else:
        lines.append(marked(hit.text, [one for one in hit.evidence if one.field in _OWN]))
        lines += [_quote(one) for one in hit.evidence if _is_quoted(one)]
    reason = "" if hit.steps else why(hit) or printable(" ".join(passed))
    lines.append(Text("; ".join(filter(None, [reason, *_counts(hit)])), "dim"))
    return Text("\n").join(line for line in lines if line.plain)


def _step(step: Hit, place: int, video: Video) -> Text:
    end = "" if step.end_us is None else f" - {video.timecode(step.end_us)}"
    then = "" if place == 0 else "then "
    own = [one for one in step.evidence if one.field in _OWN]
    line = Text.assemble((f"{then}{_in_point(step)}{end}  ", "cyan"), marked(step.text, own))
    found = [_quote(one) for one in step.evidence if _is_quoted(one)]
    return Text("\n").join(one for one in [line, *found, Text(why(step), "dim")] if one.plain)


def marked(text: str, evidence: Sequence[Evidence]) -> Text:
    """The text with what was found of it in bold."""
    shown = Text(printable_lines(text))
    for one in evidence:
        for start, end in one.spans:
            shown.stylize("bold", start, end)
        if not one.spans:
            shown.highlight_words(one.words, "bold")
    return shown


def _is_quoted(one: Evidence) -> bool:
    return bool(one.text) and one.field in _LINES


def _quote(one: Evidence) -> Text:
    return Text.assemble((f"{_field(one)}: ", "dim"), marked(one.text, [one]))


def why(hit: Hit) -> str:
    """The evidence in words. Where words or names carry a hit, weak nearness says nothing."""
    carried = hit.strength in ("strong", "fair") and any(one.signal in ("words", "name") for one in hit.evidence)
    told = [one for one in hit.evidence if not (_is_quoted(one) or (carried and _is_weak(one)))]
    return "; ".join(dict.fromkeys(map(_reason, told)))


def _is_weak(one: Evidence) -> bool:
    return one.signal == "meaning" and one.strength in ("weak", "none")


def _reason(one: Evidence) -> str:
    near = "far" if one.strength == "none" else one.strength or "near"
    place = f" ({_ordinal(one.rank)})" if one.rank else ""
    match one.signal:
        case "meaning":
            return f"{near} in meaning{place}"
        case "picture":
            return f"{near} in the picture{place}"
        case "spelling":
            return f"spelt much like its {_field(one)}"
        case _:
            words = ", ".join(map(printable, one.words))
            return f"{_field(one)}: {words}" if words else _field(one)


def _field(one: Evidence) -> str:
    return printable(one.field.replace("_", " "))


def _counts(hit: Hit) -> list[str]:
    shots = f"{len(hit.segments)} shots" if len(hit.segments) > 1 and not hit.steps else ""
    repeats = [f"{printable(one.title)} {_in_point(one)}" for one in hit.repeats]
    more = f"{hit.more} more in this video" if hit.more else ""
    return [shots, f"also in {', '.join(repeats)}" if repeats else "", more]


def _quoted(word: str) -> str:
    return word if ":" in word else repr(word)


def _short(text: str) -> str:
    """On one line, the beginning of it."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _ordinal(number: int) -> str:
    teens = 10 <= number % 100 <= 20
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
