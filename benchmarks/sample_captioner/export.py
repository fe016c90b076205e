"""Writes a trained captioner as a folder in the layout of the hub, in bfloat16."""

from pathlib import Path

import torch
from transformers import PreTrainedTokenizerFast, Qwen3VLForConditionalGeneration

from benchmarks.sample_captioner.family import make_processor


def export(model: Qwen3VLForConditionalGeneration, tokenizer: PreTrainedTokenizerFast, folder: Path) -> None:
    """Everything but the model card, which `card` writes once there are figures."""
    folder.mkdir(parents=True, exist_ok=True)
    model.to(torch.bfloat16).save_pretrained(folder)
    model.float()
    processor = make_processor(tokenizer)
    processor.save_pretrained(folder)
    processor.image_processor.save_pretrained(folder)
    processor.video_processor.save_pretrained(folder)
    (folder / "model.safetensors").chmod(0o644)
    (folder / "processor_config.json").unlink()  # the same again: one file for both, which older readers do not know
