"""Tiny random models of pictures and texts, one of each family, as hub folders.

Weights are drawn wide, so that pictures and words really move the vectors.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import torch
from tokenizers import processors
from transformers import (
    CLIPConfig,
    CLIPImageProcessor,
    CLIPModel,
    CLIPProcessor,
    MetaClip2Config,
    MetaClip2Model,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    ProcessorMixin,
    Siglip2Config,
    Siglip2ImageProcessor,
    Siglip2Model,
    Siglip2Processor,
    SiglipConfig,
    SiglipImageProcessor,
    SiglipModel,
    SiglipProcessor,
)

from tests.fakes.tiny_vision_language_models import byte_tokenizer

_LONGEST: Final = 32
_SIZE: Final = {"height": 32, "width": 32}
_TOWER: Final[dict[str, Any]] = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "initializer_range": 0.3,
}
_TOKENS: Final = {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 1, "max_position_embeddings": _LONGEST}


def write_siglip(folder: Path) -> Path:
    tokens = byte_tokenizer()
    config = SiglipConfig(
        text_config={**_TOWER, **_TOKENS, "vocab_size": len(tokens)},
        vision_config={**_TOWER, "image_size": 32, "patch_size": 8},
    )
    return _saved(folder, lambda: SiglipModel(config), SiglipProcessor(SiglipImageProcessor(size=_SIZE), tokens))


def write_siglip2(folder: Path) -> Path:
    """NaFlex: pictures keep their shape, and have as many patches as fit. Fixed ones are of the family SigLIP."""
    tokens = byte_tokenizer()
    config = Siglip2Config(
        text_config={**_TOWER, **_TOKENS, "vocab_size": len(tokens), "max_position_embeddings": 64},
        vision_config={**_TOWER, "num_patches": 16, "patch_size": 8},
    )
    pictures = Siglip2ImageProcessor(patch_size=8, max_num_patches=16)
    return _saved(folder, lambda: Siglip2Model(config), Siglip2Processor(pictures, tokens))


def write_clip(folder: Path) -> Path:
    tokens = _ending_tokenizer()
    config = CLIPConfig(
        text_config={**_TOWER, **_TOKENS, "vocab_size": len(tokens)},
        vision_config={**_TOWER, "image_size": 32, "patch_size": 8},
        projection_dim=24,
        initializer_factor=10.0,
    )
    return _saved(folder, lambda: CLIPModel(config), CLIPProcessor(_clip_pictures(), tokens))


def write_metaclip2(folder: Path) -> Path:
    tokens = _ending_tokenizer()
    config = MetaClip2Config(
        text_config={**_TOWER, **_TOKENS, "vocab_size": len(tokens)},
        vision_config={**_TOWER, "image_size": 32, "patch_size": 8},
        projection_dim=24,
        initializer_factor=10.0,
    )
    return _saved(folder, lambda: MetaClip2Model(config), CLIPProcessor(_clip_pictures(), tokens))


WRITERS: Final[dict[str, Callable[[Path], Path]]] = {
    "clip": write_clip,
    "metaclip_2": write_metaclip2,
    "siglip": write_siglip,
    "siglip2": write_siglip2,
}


def _ending_tokenizer() -> PreTrainedTokenizerFast:
    """CLIP reads what it makes of a text at the mark of its end."""
    tokens = byte_tokenizer()
    tokens.backend_tokenizer.post_processor = processors.TemplateProcessing(
        single="$A <eos>", pair="$A $B <eos>", special_tokens=[("<eos>", 1)]
    )
    return tokens


def _clip_pictures() -> CLIPImageProcessor:
    return CLIPImageProcessor(size={"shortest_edge": 32}, crop_size=_SIZE)


def _saved(folder: Path, make: Callable[[], PreTrainedModel], processor: ProcessorMixin) -> Path:
    torch.manual_seed(7)
    make().save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder
