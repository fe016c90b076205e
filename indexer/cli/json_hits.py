"""The JSON shapes of what a search finds: one hit object everywhere."""

from indexer.cli.json_lines import Json, path_fields
from indexer.domain import Evidence, Hit, SearchResult


def hit_line(hit: Hit) -> Json:
    return {
        "video": hit.video,
        "identifier": hit.identifier,
        "title": hit.title,
        **path_fields(hit.path),
        "segment": hit.segment,
        "start_us": hit.start_us,
        "end_us": hit.end_us,
        "timecode": hit.timecode,
        "text": hit.text,
        "recipe": hit.recipe,
        "score": hit.score,
        "strength": hit.strength,
        "evidence": [_evidence_fields(one) for one in hit.evidence],
        "segments": list(hit.segments or (hit.segment,)),
        "repeats": [hit_line(one) for one in hit.repeats],
        "more": hit.more,
        "steps": [hit_line(one) for one in hit.steps],
    }


def summary_line(result: SearchResult) -> Json:
    return {"summary": summary_fields(result)}


def answer_line(identity: object, result: SearchResult) -> Json:
    """All that was found for one query of many; `identity` is the query's own."""
    return {"id": identity, "hits": [hit_line(hit) for hit in result.hits], **summary_fields(result)}


def summary_fields(result: SearchResult) -> dict[str, object]:
    return {
        "strength": result.strength,
        "nothing": result.strength == "none",
        "unknown_words": list(result.unknown_words),
        "read_as": result.read_as,
        "corrections": [{"typed": one.typed, "read": one.read} for one in result.corrections],
        "unmet_filters": list(result.unmet_filters),
        "remarks": list(result.remarks),
    }


def _evidence_fields(one: Evidence) -> Json:
    return {
        "signal": one.signal,
        "rank": one.rank,
        "field": one.field,
        "words": list(one.words),
        "spans": [list(span) for span in one.spans],
        "text": one.text,
        "strength": one.strength,
    }
