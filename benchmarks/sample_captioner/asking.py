"""Asks a model in a folder for captions, by the classes that anyone would load it with."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import torch
from transformers import AutoModelForImageTextToText, AutoProcessor, PreTrainedModel, ProcessorMixin

from benchmarks.sample_captioner.lessons import Lesson

QUESTION = "Describe this video."
BATCH = 32


class Captioner:
    """Captions by the weights in `folder`, in float32 on the processor. Raises OSError where there are none."""

    def __init__(self, folder: Path) -> None:
        self.processor: ProcessorMixin = AutoProcessor.from_pretrained(folder, local_files_only=True)
        self.model: PreTrainedModel = AutoModelForImageTextToText.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False, use_safetensors=True, dtype=torch.float32
        ).eval()

    def captions(self, lessons: Sequence[Lesson]) -> list[str]:
        """In their order; asked in batches of one shape."""
        alike = defaultdict(list)
        for number, lesson in enumerate(lessons):
            alike[lesson.frames.shape].append(number)
        said = [""] * len(lessons)
        for numbers in alike.values():
            for start in range(0, len(numbers), BATCH):
                some = numbers[start : start + BATCH]
                for number, caption in zip(some, self._batch([lessons[number] for number in some]), strict=True):
                    said[number] = caption
        return said

    def _batch(self, lessons: list[Lesson]) -> list[str]:
        content = [{"type": "video"}, {"type": "text", "text": QUESTION}]
        chat = self.processor.apply_chat_template(
            [{"role": "user", "content": content}], add_generation_prompt=True, tokenize=False
        )
        inputs = self.processor(
            text=[chat] * len(lessons),
            videos=[lesson.frames for lesson in lessons],
            video_metadata=[_metadata(lesson) for lesson in lessons],
            do_sample_frames=False,
            padding=True,
            return_tensors="pt",
        )
        with torch.inference_mode():
            tokens = self.model.generate(**inputs, do_sample=False, max_new_tokens=80)
        written = tokens[:, inputs["input_ids"].shape[1] :]
        return list(self.processor.batch_decode(written, skip_special_tokens=True))


def _metadata(lesson: Lesson) -> dict[str, object]:
    milliseconds = [round(1000 * time) for time in lesson.times]
    return {
        "fps": 1000.0,
        "total_num_frames": milliseconds[-1] + 1,
        "frames_indices": milliseconds,
        "duration": lesson.times[-1],
        "height": lesson.frames.shape[1],
        "width": lesson.frames.shape[2],
    }
