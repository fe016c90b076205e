"""Trains the captioner on a processor for a given time; broken off, it goes on from its last checkpoint.

The time is what the processor gave it (of `CORES` whole cores), so other work beside it makes it later, not worse.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Thread

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional
from transformers import PreTrainedTokenizerFast, Qwen3VLForConditionalGeneration

from benchmarks.sample_captioner.auxiliary import Answers, Hints, answers
from benchmarks.sample_captioner.drawing import Store
from benchmarks.sample_captioner.family import make_model, make_tokenizer
from benchmarks.sample_captioner.lessons import Clips, Lesson, batches
from benchmarks.sample_captioner.preparing import captions, layout, patches
from benchmarks.sample_captioner.quick import Layout, run
from benchmarks.sample_captioner.seeing import see
from benchmarks.sample_captioner.telling import tell

CHECKPOINT = "checkpoint.safetensors"
BATCH, RATE, WARMING, DECAY = 32, 1.5e-3, 200, 0.05
COOLING = 0.26  # the last part of the time, in which the rate falls to nothing
HINTED, FADING = 0.3, 0.2  # the hints' weight, and the last part of the time in which it fades
CORES = 2
KEEP_EVERY, SAY_EVERY = 300.0, 100  # seconds, steps


@dataclass(frozen=True, slots=True)
class Exercise:
    patches: Tensor
    layout: Layout
    captions: Tensor
    answers: Answers


@dataclass(slots=True)
class Course:
    model: Qwen3VLForConditionalGeneration
    hints: Hints
    tokenizer: PreTrainedTokenizerFast
    optimizer: torch.optim.Optimizer
    steps: int = 0
    seconds: float = 0.0


def fit(stores: tuple[Store, ...], folder: Path, minutes: float) -> Course:
    """Keeps a checkpoint in `folder`; a course that is finished is returned as it is."""
    clips = Clips.of(*stores)
    if (folder / CHECKPOINT).exists():
        course = resume(folder)
    else:
        course = begin(make_tokenizer(sorted(tell(see(truth)) for _, truth in clips.truths)))
    best = number_format()
    print(f"{len(clips.truths)} clips, computing in {best}", flush=True)
    kept = course.seconds
    began = _taken() - course.seconds
    with _ahead(clips, course) as exercises:
        while course.seconds < 60 * minutes:
            losses = step(course, next(exercises), course.seconds / (60 * minutes), best)
            course.seconds = _taken() - began
            if course.steps % SAY_EVERY == 0:
                print(f"step {course.steps} {course.seconds:.0f} s {losses[0]:.4f} {losses[1]:.4f}", flush=True)
            if course.seconds - kept > KEEP_EVERY:
                keep(course, folder)
                kept = course.seconds
    keep(course, folder)
    return course


def _taken() -> float:
    """Seconds of all cores that this process has had."""
    return time.process_time() / CORES


def begin(tokenizer: PreTrainedTokenizerFast) -> Course:
    torch.manual_seed(0)
    model = make_model(tokenizer)
    hints = Hints(model.config.text_config.hidden_size)
    weights = [*model.parameters(), *hints.parameters()]
    groups = [
        {"params": [one for one in weights if one.ndim > 1], "weight_decay": DECAY},
        {"params": [one for one in weights if one.ndim < 2], "weight_decay": 0.0},
    ]
    return Course(model, hints, tokenizer, torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.98), fused=True))


def step(course: Course, exercise: Exercise, share: float, number: torch.dtype) -> tuple[float, float]:
    """`share` of the time is gone. Returns the caption's loss and the hints'."""
    warm = min(1.0, (course.steps + 1) / WARMING)
    for group in course.optimizer.param_groups:
        group["lr"] = RATE * warm * min(1.0, max(0.01, (1 - share) / COOLING))
    passed = run(course.model, exercise.patches.to(number), exercise.layout, exercise.captions)
    caption = functional.cross_entropy(
        passed.logits.float().flatten(0, 1), exercise.captions.flatten(), ignore_index=course.tokenizer.pad_token_id
    )
    fading = HINTED * min(1.0, max(0.0, (1 - share) / FADING))
    hinted = course.hints(passed, exercise.answers) if fading else torch.zeros(())
    torch.autograd.backward(caption + fading * hinted)
    torch.nn.utils.clip_grad_norm_(course.model.parameters(), 1.0)
    course.optimizer.step()
    course.optimizer.zero_grad(set_to_none=True)
    course.steps += 1
    return float(caption.detach()), float(hinted.detach())


def prepared(lessons: list[Lesson], tokenizer: PreTrainedTokenizerFast) -> Exercise:
    told = captions([tell(lesson.sight) for lesson in lessons], tokenizer)
    return Exercise(patches(lessons), layout(lessons, tokenizer), told, answers(lessons))


def number_format() -> torch.dtype:
    """bfloat16 where the processor computes in it natively: without, it is slower than float32."""
    return torch.bfloat16 if torch.cpu._is_avx512_bf16_supported() else torch.float32


def keep(course: Course, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {f"{part}.{name}": tensor for part, name, tensor in _state(course)}
    tensors |= {"steps": torch.tensor(course.steps), "seconds": torch.tensor(course.seconds, dtype=torch.float64)}
    save_file({name: tensor.detach().clone() for name, tensor in tensors.items()}, folder / "checkpoint.part")
    (folder / "checkpoint.part").replace(folder / CHECKPOINT)
    course.tokenizer.save_pretrained(folder / "tokenizer")


def resume(folder: Path) -> Course:
    """The course as it was last kept. Raises OSError where there is none."""
    course = begin(PreTrainedTokenizerFast.from_pretrained(folder / "tokenizer"))
    kept = load_file(folder / CHECKPOINT)
    for group in course.optimizer.param_groups:
        for weight in group["params"]:
            course.optimizer.state[weight] = {
                "step": torch.zeros(()),
                "exp_avg": torch.zeros_like(weight),
                "exp_avg_sq": torch.zeros_like(weight),
            }
    with torch.no_grad():
        for part, name, tensor in _state(course):
            tensor.copy_(kept.get(f"{part}.{name}", tensor))  # before the first step there are no moments
    course.steps, course.seconds = int(kept["steps"]), float(kept["seconds"])
    return course


def _state(course: Course) -> Iterator[tuple[str, str, Tensor]]:
    """Everything that a course goes on from: of what part, its name, the tensor itself."""
    for part, module in (("model", course.model), ("hints", course.hints)):
        for name, weight in module.named_parameters():
            yield part, name, weight
            for moment, tensor in course.optimizer.state[weight].items():
                yield f"{part}.{moment}", name, tensor


@contextmanager
def _ahead(clips: Clips, course: Course) -> Iterator[Iterator[Exercise]]:
    """Lessons are prepared on another thread, a few batches ahead, until this is left."""
    ready: Queue[Exercise] = Queue(4)
    done = Event()

    def work() -> None:
        for lessons in batches(clips, BATCH, f"fit/{course.steps}"):
            ready.put(prepared(lessons, course.tokenizer))
            if done.is_set():
                return

    thread = Thread(target=work)
    thread.start()
    try:
        yield iter(ready.get, None)
    finally:
        done.set()
        while thread.is_alive():
            with suppress(Empty):
                ready.get(timeout=0.1)
        thread.join()
