"""The JSON shape of `shotlist evaluate captions`: apart, as it is of interest to nothing else."""

from indexer.cli.json_lines import Json
from indexer.cli.show_scores import Compared
from indexer.evaluation.captions import RESAMPLES, SEED, Estimate, Evaluation


def written_line(one: Compared, evaluation: Evaluation) -> Json:
    return {
        "writer": one.writer,
        "scores": {metric: _score(score) for metric, score in one.tally.scores.items()},
        "videos": one.tally.videos,
        "references": one.tally.references,
        "rounds": one.tally.rounds,
        "empty": one.tally.empty,
        "missing": list(one.match.missing),
        "unused": list(one.match.unused),
        "tokenizer": evaluation.tokenizer,
        "library": evaluation.library,
        "left_out": dict(evaluation.left_out),
        "wordless_references": evaluation.wordless,
        "resamples": RESAMPLES,
        "seed": SEED,
    }


def _score(score: Estimate) -> dict[str, float]:
    return {"score": round(score.value, 6), "low": round(score.low, 6), "high": round(score.high, 6)}
