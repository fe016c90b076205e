"""The kept library against a second implementation, on a few captions and on those of real data; intervals; people."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import ComponentError, UsageError
from indexer.evaluation.captions import METRICS, Evaluation, Line, gather, read_captions
from indexer.evaluation.captions.counts import bleu, count
from indexer.evaluation.captions.scores import estimate
from indexer.evaluation.captions.tokenizers import java, tokenize
from tests.fakes import caption_metrics

PEOPLE = {
    "a": ["A man is playing a guitar.", "a man plays the guitar", "someone is playing music on a guitar"],
    "b": ["A dog runs across the beach", "the dog is running on a beach by the sea", "a dog runs"],
    "c": ["two women talk in a kitchen", "Women are talking, in a kitchen!", "a woman cooks while another one talks"],
    "d": ["a red boat leaves the harbour", "the boat is sailing out of a harbour", "a boat"],
}
MODEL = {"a": "a man is playing the guitar", "b": "a dog on the beach", "c": "a man talks", "d": ""}


@pytest.fixture
def no_java(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")


def lines() -> list[Line]:
    return [Line(video, text) for video, texts in PEOPLE.items() for text in texts]


def check(candidates: Sequence[str], references: Sequence[Sequence[str]]) -> None:
    """That both say the same of each video, and of all of them."""
    counts = count(candidates, references)
    words, others = [text.split() for text in candidates], [[one.split() for one in several] for several in references]
    assert counts.means["CIDEr-D"] == pytest.approx(caption_metrics.cider_d(words, others), abs=1e-9)
    rouge = [caption_metrics.rouge_l(own, several) for own, several in zip(words, others, strict=True)]
    assert counts.means["ROUGE-L"] == pytest.approx(rouge, abs=1e-9)
    scores = estimate([counts], None)
    expected = caption_metrics.bleu(words, others)
    assert [scores[f"BLEU-{n}"].value for n in (1, 2, 3, 4)] == pytest.approx(expected, abs=1e-4)  # it knows no 0
    assert scores["CIDEr-D"].value == pytest.approx(np.mean(caption_metrics.cider_d(words, others)), abs=1e-9)
    assert scores["ROUGE-L"].value == pytest.approx(np.mean(rouge), abs=1e-9)


def test_two_implementations_agree_on_a_few_captions() -> None:
    several = [tokenize("words", PEOPLE[video]) for video in PEOPLE]
    check(["a man is playing the guitar", "a dog on the beach", "a woman talks in a kitchen", ""], several)
    check([texts[0] for texts in several], [texts[1:] for texts in several])


@pytest.mark.footage
@pytest.mark.parametrize("left_out", [0, 11])
def test_two_implementations_agree_on_people_left_out_of_real_data(bench: Path, left_out: int) -> None:
    found = gather([read_captions(bench / "captions" / "msrvtt_test.jsonl.gz").lines])
    assert (len(found), {len(one.captions) for one in found}) == (2990, {20})
    several = [tokenize("words", one.captions) for one in found[::20]]
    check([texts[left_out] for texts in several], [[*texts[:left_out], *texts[left_out + 1 :]] for texts in several])


def test_bleu_of_sums_is_the_librarys_own_to_the_last_digits() -> None:
    from pycocoevalcap.bleu.bleu import Bleu

    several = [tokenize("words", texts) for texts in PEOPLE.values()]
    candidates = [texts[0] for texts in several]
    others = [texts[1:] for texts in several]
    right, written = dict(enumerate(others)), {n: [text] for n, text in enumerate(candidates)}
    expected, _ = Bleu(4).compute_score(right, written, verbose=0)
    assert bleu(count(candidates, others).bleu.sum(axis=0)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.usefixtures("no_java")
def test_a_model_and_the_ceiling_beside_it() -> None:
    references = gather([lines()])
    evaluation = Evaluation(references)
    assert evaluation.tokenizer.startswith("words")
    assert set(evaluation.left_out) == {"METEOR", "SPICE"}
    tally = evaluation.score([(one, MODEL[one.video]) for one in references])
    rounds: list[tuple[int, int]] = []
    people = evaluation.human(references, told=lambda number, of: rounds.append((number, of)))
    assert people is not None
    assert (tally.videos, tally.references, tally.empty, tally.rounds) == (4, 12, 1, 1)
    assert (people.videos, people.references, people.rounds, rounds) == (4, 12, 3, [(1, 3), (2, 3), (3, 3)])
    assert list(tally.scores) == [name for name in METRICS if name not in ("METEOR", "SPICE")]
    for scores in (tally.scores, people.scores):
        assert all(one.low <= one.value <= one.high for name, one in scores.items() if name in ("ROUGE-L", "CIDEr-D"))


@pytest.mark.usefixtures("no_java")
def test_the_ceiling_is_the_mean_of_each_person_against_the_others() -> None:
    references = gather([[line for line in lines() if line.text != "a boat"]])  # d has two people, the others three
    people = Evaluation(references).human(references, told=lambda *_: None)
    assert people is not None
    several = [[text.split() for text in tokenize("words", one.captions)] for one in references]
    means = []
    for number in range(3):
        own = [texts[number % len(texts)] for texts in several]
        rest = [[t for k, t in enumerate(texts) if k != number % len(texts)] for texts in several]
        means.append(np.mean(caption_metrics.cider_d(own, rest)))
    assert people.scores["CIDEr-D"].value == pytest.approx(np.mean(means))


@pytest.mark.usefixtures("no_java")
def test_what_cannot_be_compared() -> None:
    single = gather([[Line("a", "one man"), Line("b", "a dog"), Line("c", "...")]])
    evaluation = Evaluation(single)
    assert evaluation.wordless == 1
    assert evaluation.human(single, told=lambda *_: None) is None
    with pytest.raises(UsageError, match="nothing to compare"):
        evaluation.score([(single[2], "a cat")])
    with pytest.raises(ComponentError, match=r"needs Java.*--tokenizer words"):
        Evaluation(single, tokenizer="ptb")


@settings(deadline=None)
@given(st.lists(st.floats(0, 10), min_size=2, max_size=30))
def test_intervals_are_of_resampled_videos_and_the_same_every_time(values: list[float]) -> None:
    from indexer.evaluation.captions.counts import Counts

    counts = Counts(np.ones((len(values), 10)), {"CIDEr-D": np.array(values)})
    once, again = estimate([counts], None)["CIDEr-D"], estimate([counts], None)["CIDEr-D"]
    assert once == again
    assert once.value == pytest.approx(np.mean(values))
    assert min(values) - 1e-9 <= once.low <= once.high <= max(values) + 1e-9


def test_an_interval_is_as_wide_as_theory_says() -> None:
    from indexer.evaluation.captions.counts import Counts

    values = np.random.default_rng(1).normal(5, 2, 400)
    found = estimate([Counts(np.ones((400, 10)), {"ROUGE-L": values})], None)["ROUGE-L"]
    assert found.high - found.low == pytest.approx(2 * 1.96 * values.std() / 20, rel=0.1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The man's t-shirt doesn't fit: he CANNOT run.", "the man 's t-shirt does n't fit he can not run"),
        (
            '"Hi," she\u2019s saying - at 7:30, in the U.S.; 1,000 people!',
            "hi she 's saying at 7:30 in the u.s. 1,000 people",
        ),
        ("$5 & 50% @ café 猫", "$ 5 & 50 % @ café 猫"),
        ("gonna wanna gotta", "gon na wan na got ta"),
        ("... !", ""),
        ("", ""),
    ],
)
def test_words_without_java(text: str, words: str) -> None:
    assert tokenize("words", [text]) == [words]
    if java():
        assert tokenize("ptb", [text]) == [words]


def test_meteor_is_of_the_whole_corpus_and_has_an_interval() -> None:
    if java() is None:
        pytest.skip("METEOR needs Java, which is not here")
    references = gather([lines()])
    evaluation = Evaluation(references, tokenizer="ptb")
    own = evaluation.score([(one, one.captions[0]) for one in references]).scores["METEOR"]
    model = evaluation.score([(one, MODEL[one.video]) for one in references]).scores["METEOR"]
    assert 0 < model.low < model.value < model.high < 1
    assert model.value < own.value <= 1
