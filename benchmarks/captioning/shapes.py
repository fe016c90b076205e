"""Models of the shapes of real ones with random weights, as hub folders: they cost what trained ones cost.

Their tokenizer knows single bytes, so prompts are kept short; what they write is nonsense of a fixed length.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    PreTrainedModel,
    PreTrainedTokenizerFast,
    ProcessorMixin,
    Qwen2VLImageProcessor,
    Qwen3VLConfig,
    Qwen3VLForConditionalGeneration,
    Qwen3VLProcessor,
    Qwen3VLVideoProcessor,
    SmolVLMConfig,
    SmolVLMForConditionalGeneration,
    SmolVLMImageProcessor,
    SmolVLMProcessor,
    SmolVLMVideoProcessor,
)

_QWEN: Final = ("<|image_pad|>", "<|video_pad|>", "<|vision_start|>", "<|vision_end|>")
_CHAT: Final = (
    "{% for m in messages %}{% for c in m['content'] %}{% if c['type'] == 'video' %}VIDEO"
    "{% else %}{{ c['text'] }}{% endif %}{% endfor %}{% endfor %}\n"
)


def write_shape(name: str, folder: Path) -> Path:
    """In bfloat16, which is what is read back on a GPU; up to 9 GB."""
    SHAPES[name](folder)
    return folder


def _qwen3_vl(*, hidden: int, layers: int, heads: int, inner: int, vision: dict[str, Any]) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        tokens = _tokenizer(*_QWEN)
        ids = [tokens.convert_tokens_to_ids(token) for token in _QWEN]
        config = Qwen3VLConfig(
            text_config={
                "vocab_size": 151_936,
                "hidden_size": hidden,
                "intermediate_size": inner,
                "num_hidden_layers": layers,
                "num_attention_heads": heads,
                "num_key_value_heads": heads // 2 if heads == 16 else heads // 4,
                "head_dim": 128,
                "rope_parameters": {
                    "rope_type": "default",
                    "rope_theta": 5_000_000.0,
                    "mrope_section": [24, 20, 20],
                    "mrope_interleaved": True,
                },
            },
            vision_config={"patch_size": 16, "out_hidden_size": hidden, **vision},
            image_token_id=ids[0],
            video_token_id=ids[1],
            vision_start_token_id=ids[2],
            vision_end_token_id=ids[3],
            tie_word_embeddings=True,
        )
        sizes: dict[str, Any] = {"patch_size": 16, "merge_size": 2, "temporal_patch_size": 2}
        sizes["size"] = {"shortest_edge": 4096, "longest_edge": 25_165_824}
        processor = Qwen3VLProcessor(
            Qwen2VLImageProcessor(**sizes),
            tokens,
            Qwen3VLVideoProcessor(**sizes, cap_pixels_per_frame=False, fps=2, min_frames=4, max_frames=768),
            chat_template=_CHAT.replace("VIDEO", "<|video_pad|>"),
        )
        _save(folder, lambda: Qwen3VLForConditionalGeneration(config), processor)

    return write


def _smolvlm(*, text: dict[str, Any], vision: dict[str, Any], scale: int) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        tokens = _tokenizer("<image>", "<video>", "<fake_token_around_image>", "<global-img>", "<end_of_utterance>")
        config = SmolVLMConfig(
            vision_config=vision,
            text_config={"model_type": "llama", **text},
            image_token_id=tokens.convert_tokens_to_ids("<image>"),
            scale_factor=scale,
            pad_token_id=0,
        )
        side = {"longest_edge": int(vision["image_size"])}
        processor = SmolVLMProcessor(
            SmolVLMImageProcessor(size=side, max_image_size=side),
            tokens,
            SmolVLMVideoProcessor(size=side, max_image_size=side),
            image_seq_len=(vision["image_size"] // vision["patch_size"] // scale) ** 2,
            chat_template=_CHAT.replace("VIDEO", "<video>"),
        )
        _save(folder, lambda: SmolVLMForConditionalGeneration(config), processor)

    return write


_QWEN_VISION: Final[dict[str, Any]] = {
    "depth": 24,
    "hidden_size": 1024,
    "intermediate_size": 4096,
    "num_heads": 16,
    "deepstack_visual_indexes": [5, 11, 17],
}

SHAPES: Final[dict[str, Callable[[Path], None]]] = {
    "qwen3-vl-2b": _qwen3_vl(hidden=2048, layers=28, heads=16, inner=6144, vision=_QWEN_VISION),
    "qwen3-vl-4b": _qwen3_vl(hidden=2560, layers=36, heads=32, inner=9728, vision=_QWEN_VISION),
    "smolvlm2-2.2b": _smolvlm(
        text={
            "vocab_size": 49_280,
            "hidden_size": 2048,
            "intermediate_size": 8192,
            "num_hidden_layers": 24,
            "num_attention_heads": 32,
            "num_key_value_heads": 32,
        },
        vision={
            "hidden_size": 1152,
            "intermediate_size": 4304,
            "num_hidden_layers": 27,
            "num_attention_heads": 16,
            "image_size": 378,
            "patch_size": 14,
        },
        scale=3,
    ),
    "toy": _qwen3_vl(
        hidden=64,
        layers=2,
        heads=16,
        inner=128,
        vision={
            "depth": 2,
            "hidden_size": 64,
            "intermediate_size": 128,
            "num_heads": 4,
            "deepstack_visual_indexes": [0],
        },
    ),
}


def _save(folder: Path, make: Callable[[], PreTrainedModel], processor: ProcessorMixin) -> None:
    torch.manual_seed(1)
    kept = torch.get_default_dtype()
    torch.set_default_dtype(torch.bfloat16)
    try:
        with torch.device("cuda" if torch.cuda.is_available() else "cpu"):  # drawing billions of numbers takes long
            model = make()
    finally:
        torch.set_default_dtype(kept)
    model.save_pretrained(folder)
    processor.save_pretrained(folder)


def _tokenizer(*markers: str) -> PreTrainedTokenizerFast:
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: number for number, token in enumerate(["<pad>", "<eos>", *markers, *letters])}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", eos_token="<eos>", extra_special_tokens=list(markers)
    )
