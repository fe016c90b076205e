"""The figures of `shotlist evaluate search` are those of the bench's own program, on the same runs."""

import importlib.util
import json
import random
from pathlib import Path
from types import ModuleType

import pytest

from indexer.evaluation.retrieval import Answer, Answered, Asked, evaluate, judge_silence
from indexer.evaluation.retrieval_files import read_asked


@pytest.fixture(scope="module")
def judge(bench: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_evaluate", bench / "retrieval" / "evaluate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.footage
@pytest.mark.parametrize(
    ("task", "names"),
    [
        ("msrvtt1ka-1cap", {"R@1": "R@1", "R@5": "R@5", "R@10": "R@10", "MRR": "MRR", "nDCG@10": "nDCG@10"}),
        (
            "tacos",
            {f"R@{k} video": f"R@{k}" for k in (1, 5, 10)}
            | {f"R@{k}": f"R@{k} IoU 0.5" for k in (1, 5, 10)}
            | {f"R@{k} IoU.7": f"R@{k} IoU 0.7" for k in (1, 5, 10)}
            | {"MRR": "MRR", "nDCG@10": "nDCG@10"},
        ),
    ],
)
def test_scores_are_the_same(bench: Path, judge: ModuleType, task: str, names: dict[str, str]) -> None:
    folder = bench / "retrieval"
    asked = read_asked(folder / f"tasks/{task}.queries.jsonl.gz")[:600]
    theirs = judge.Task(folder, task)
    answered = {one.id: Answered(tuple(guesses(one, theirs))) for one in asked[:-5]}  # a few went unanswered
    run = {name: {"ranked": list(map(as_bench, found.ranked))} for name, found in answered.items()}
    expected = judge.metrics(judge.score(theirs, run, theirs.queries[:600]))
    (found,) = evaluate(asked, answered)
    assert {mine: 100 * found.scores[mine].value for mine in names.values()} == {
        mine: pytest.approx(expected[their].mean(), abs=1e-9) for their, mine in names.items()
    }
    low, high = judge.bootstrap(expected["R@5"], [one.gold[0].video for one in asked])
    five = found.scores[names["R@5"]]
    assert (100 * five.low, 100 * five.high) == pytest.approx((low, high), abs=1e-9)


@pytest.mark.footage
def test_the_area_is_the_same(bench: Path, judge: ModuleType) -> None:
    asked = read_asked(bench / "retrieval" / "tasks/none-msrvtt.queries.jsonl.gz")
    chance = random.Random(5)
    answered = {one.id: Answered((), round(chance.random() + 0.2 * bool(one.gold), 2)) for one in asked}
    told = judge_silence(asked, answered)
    assert told is not None
    scores = [[answered[one.id].score for one in asked if bool(one.gold) is known] for known in (True, False)]
    assert told.auc == pytest.approx(judge.auc(*scores))
    assert told.answerable + told.unanswerable == len(asked)


def guesses(asked: Asked, task: object) -> list[Answer]:
    """Some right, some near, some wrong, in any order."""
    chance = random.Random(asked.id)
    docs = list(task.docs.values())  # type: ignore[attr-defined]
    wrong = [chance.choice(docs) for _ in range(12)]
    ranked = [Answer(doc["video"], doc.get("start"), doc.get("end")) for doc in wrong]
    for right in asked.gold:
        if right.start is None or right.end is None:
            ranked.append(right)
        else:
            shift = chance.uniform(-0.6, 0.6) * (right.end - right.start)
            ranked.append(Answer(right.video, right.start + shift, right.end + shift))
    chance.shuffle(ranked)
    return ranked


def as_bench(one: Answer) -> object:
    return one.video if one.start is None else json.loads(json.dumps([one.video, one.start, one.end]))
