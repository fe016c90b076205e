"""The JSON shapes of `shotlist shots` and `shotlist evaluate`: apart, so that other commands load no detector."""

from collections.abc import Sequence

from indexer.cli.json_lines import Json
from indexer.evaluation import Score, f1_interval, tally
from indexer.ingest.shot_trial import DetectorTrial
from indexer.segmentation import Plan


def shots_line(plan: Plan) -> Json:
    return {
        "cuts": [
            {"at_us": cut.start_us, "end_us": cut.end_us, "kind": cut.kind, "score": round(cut.strength, 4)}
            for cut in plan.cuts
        ],
        "segments": [
            {"start_us": span.start_us, "end_us": span.end_us, "keyframes_us": list(times)}
            for span, times in zip(plan.spans, plan.keyframe_times, strict=True)
        ],
    }


def detector_line(trial: DetectorTrial, missing: Sequence[str]) -> Json:
    """`missing`: the labelled clips it did not run over."""
    told, interval = tally(trial.agreements), f1_interval(trial.agreements)
    return {
        "detector": trial.detector,
        "recipe": trial.recipe,
        "clips": len(trial.clips),
        "missing": list(missing),
        **_score_fields(told.overall),
        "false_alarms": told.overall.false,
        "precision": round(told.overall.precision, 4),
        "recall": round(told.overall.recall, 4),
        "f1_low": round(interval.low, 4),
        "f1_high": round(interval.high, 4),
        "hard": _score_fields(told.hard),
        "gradual": _score_fields(told.gradual),
        "by_kind": {kind: {"found": found, "total": total} for kind, (found, total) in told.by_kind.items()},
        "false_alarms_on": dict(told.false_alarms),
        "cpu_s": round(sum(one.cpu_s for one in trial.clips), 3),
        "decode_s": round(sum(one.decode_s for one in trial.clips), 3),
        "cpu_ratio": round(trial.cpu_ratio, 3),
    }


def _score_fields(score: Score) -> dict[str, object]:
    return {"found": score.found, "total": score.total, "f1": round(score.f1, 4)}
