"""Lessons as the model takes them: the same numbers as its processor would make, for many clips at once."""

import numpy as np
import torch
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from benchmarks.sample_captioner.family import CHAT, END, MERGE, PAIR, PATCH
from benchmarks.sample_captioner.lessons import Lesson
from benchmarks.sample_captioner.quick import Layout


def patches(lessons: list[Lesson]) -> Tensor:
    """(batch, pairs, patches, values), the four patches of a merged token side by side; -1..1."""
    frames = torch.from_numpy(np.stack([lesson.frames for lesson in lessons]))
    batch, count, height, width, _ = frames.shape
    down, across, side = height // (PATCH * MERGE), width // (PATCH * MERGE), PATCH
    cut = frames.view(batch, count // PAIR, PAIR, down, MERGE, side, across, MERGE, side, 3)
    ordered = cut.permute(0, 1, 3, 6, 4, 7, 9, 2, 5, 8).reshape(batch, count // PAIR, down * across * MERGE**2, -1)
    return ordered.float() / 127.5 - 1


def layout(lessons: list[Lesson], tokenizer: PreTrainedTokenizerFast) -> Layout:
    """Raises ValueError where the times of the clips are not equally many tokens."""
    _, count, height, width, _ = (1, *lessons[0].frames.shape)
    tokens = height * width // (PATCH * MERGE) ** 2
    before, after = tokenizer.apply_chat_template(
        [{"role": "user", "content": [{"type": "video"}]}],
        chat_template=CHAT,
        add_generation_prompt=True,
        tokenize=False,
    ).split("<|video_pad|>")
    prompts = []
    for lesson in lessons:
        pairs = zip(lesson.times[::PAIR], lesson.times[1::PAIR], strict=True)
        shown = [
            f"<{(first + second) / 2:.1f} seconds><|vision_start|>{'<|video_pad|>' * tokens}<|vision_end|>"
            for first, second in pairs
        ]
        prompts.append(tokenizer(before + "".join(shown) + after).input_ids)
    video = tokenizer.convert_tokens_to_ids("<|video_pad|>")
    return Layout((height // PATCH, width // PATCH), count // PAIR, torch.tensor(prompts), video)


def captions(texts: list[str], tokenizer: PreTrainedTokenizerFast) -> Tensor:
    """(batch, longest) token numbers, ended, padded on the right."""
    rows = [tokenizer(text + END).input_ids for text in texts]
    longest = max(map(len, rows))
    return torch.tensor([row + [tokenizer.pad_token_id] * (longest - len(row)) for row in rows])
