"""One tiny random model of each family that is said to be proof against its neighbours in a batch, as hub folders.

Weights are drawn wide, so that pictures and words really move the logits.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import torch
from transformers import (
    BertTokenizer,
    BlipConfig,
    BlipForConditionalGeneration,
    BlipImageProcessor,
    BlipProcessor,
    CLIPImageProcessor,
    GitConfig,
    GitForCausalLM,
    GitProcessor,
    GotOcr2ImageProcessor,
    InternVLConfig,
    InternVLForConditionalGeneration,
    InternVLProcessor,
    InternVLVideoProcessor,
    LlavaOnevisionConfig,
    LlavaOnevisionForConditionalGeneration,
    LlavaOnevisionImageProcessor,
    LlavaOnevisionProcessor,
    LlavaOnevisionVideoProcessor,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    ProcessorMixin,
    Qwen2_5_VLConfig,
    Qwen2_5_VLForConditionalGeneration,
    Qwen2_5_VLProcessor,
    Qwen2VLImageProcessor,
    Qwen2VLVideoProcessor,
    SmolVLMConfig,
    SmolVLMForConditionalGeneration,
    SmolVLMImageProcessor,
    SmolVLMProcessor,
    SmolVLMVideoProcessor,
    VideoLlama3Config,
    VideoLlama3ForConditionalGeneration,
    VideoLlama3ImageProcessor,
    VideoLlama3Processor,
    VideoLlama3VideoProcessor,
)

from tests.fakes.tiny_vision_language_models import byte_tokenizer, write_tiny_image_model, write_tiny_video_model

_WIDE: Final = 0.3
_QWEN: Final = ("<|image_pad|>", "<|video_pad|>", "<|vision_start|>", "<|vision_end|>")
_LLAMA: Final[dict[str, Any]] = {
    "model_type": "llama",
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "pad_token_id": 0,
    "eos_token_id": 1,
    "initializer_range": _WIDE,
}
_SEEING: Final[dict[str, Any]] = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "image_size": 32,
    "patch_size": 8,
    "initializer_range": _WIDE,
}


def write_smolvlm(folder: Path) -> Path:
    tokens = byte_tokenizer("<image>", "<video>", "<fake_token_around_image>", "<global-img>", "<end_of_utterance>")
    config = SmolVLMConfig(
        vision_config=_SEEING,
        text_config={**_LLAMA, "vocab_size": len(tokens)},
        image_token_id=tokens.convert_tokens_to_ids("<image>"),
        scale_factor=2,
        initializer_range=_WIDE,
        pad_token_id=0,
    )
    size: dict[str, Any] = {"size": {"longest_edge": 32}, "max_image_size": {"longest_edge": 32}}
    processor = SmolVLMProcessor(
        SmolVLMImageProcessor(**size),
        tokens,
        SmolVLMVideoProcessor(**size),
        image_seq_len=4,
        chat_template=_chat("<image>", "<video>"),
    )
    return _saved(folder, lambda: SmolVLMForConditionalGeneration(config), processor)


def write_qwen2_5_vl(folder: Path) -> Path:
    tokens = byte_tokenizer(*_QWEN)
    ids = [tokens.convert_tokens_to_ids(token) for token in _QWEN]
    config = Qwen2_5_VLConfig(
        text_config={
            **{key: value for key, value in _LLAMA.items() if key != "model_type"},
            "vocab_size": len(tokens),
            "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0, "mrope_section": [2, 1, 1]},
        },
        vision_config={
            "depth": 2,
            "hidden_size": 32,
            "intermediate_size": 64,
            "num_heads": 4,
            "patch_size": 8,
            "window_size": 32,
            "out_hidden_size": 32,
            "fullatt_block_indexes": [1],
            "initializer_range": _WIDE,
        },
        image_token_id=ids[0],
        video_token_id=ids[1],
        vision_start_token_id=ids[2],
        vision_end_token_id=ids[3],
    )
    sizes: dict[str, Any] = {"patch_size": 8, "merge_size": 2, "temporal_patch_size": 2}
    sizes["size"] = {"shortest_edge": 16 * 16, "longest_edge": 16 * 16 * 64}
    processor = Qwen2_5_VLProcessor(
        Qwen2VLImageProcessor(**sizes),
        tokens,
        Qwen2VLVideoProcessor(**sizes),
        chat_template=_chat("", "<|vision_start|><|video_pad|><|vision_end|>"),
    )
    return _saved(folder, lambda: Qwen2_5_VLForConditionalGeneration(config), processor)


def write_internvl(folder: Path) -> Path:
    tokens = byte_tokenizer(
        start_image_token="<img>", end_image_token="</img>", context_image_token="<IMG_CONTEXT>", video_token="<video>"
    )
    config = InternVLConfig(
        vision_config={**_SEEING, "image_size": [32, 32], "patch_size": [8, 8], "layer_scale_init_value": 1.0},
        text_config={**_LLAMA, "model_type": "qwen2", "vocab_size": len(tokens)},
        image_token_id=tokens.convert_tokens_to_ids("<IMG_CONTEXT>"),
        image_seq_length=4,
    )
    size = {"height": 32, "width": 32}
    processor = InternVLProcessor(
        GotOcr2ImageProcessor(size=size),
        tokens,
        InternVLVideoProcessor(size=size),
        image_seq_length=4,
        chat_template=_chat("<IMG_CONTEXT>", "<video>"),
    )
    return _saved(folder, lambda: InternVLForConditionalGeneration(config), processor)


def write_llava_onevision(folder: Path) -> Path:
    tokens = byte_tokenizer("<image>", "<video>")
    config = LlavaOnevisionConfig(
        vision_config={**_SEEING, "model_type": "siglip_vision_model", "vision_use_head": False},
        text_config={**_LLAMA, "model_type": "qwen2", "vocab_size": len(tokens)},
        image_token_index=tokens.convert_tokens_to_ids("<image>"),
        video_token_index=tokens.convert_tokens_to_ids("<video>"),
        image_grid_pinpoints=[[32, 32], [64, 64]],
    )
    size = {"height": 32, "width": 32}
    processor = LlavaOnevisionProcessor(
        LlavaOnevisionImageProcessor(size=size, image_grid_pinpoints=[[32, 32], [64, 64]]),
        tokens,
        LlavaOnevisionVideoProcessor(size=size),
        num_image_tokens=16,
        vision_feature_select_strategy="full",
        chat_template=_chat("<image>", "<video>"),
    )
    return _saved(folder, lambda: LlavaOnevisionForConditionalGeneration(config), processor)


def write_video_llama_3(folder: Path) -> Path:
    tokens = byte_tokenizer(*_QWEN)
    config = VideoLlama3Config(
        vision_config={key: value for key, value in _SEEING.items() if key != "image_size"},
        text_config={**_LLAMA, "model_type": "qwen2", "vocab_size": len(tokens)},
        image_token_id=tokens.convert_tokens_to_ids("<|image_pad|>"),
        video_token_id=tokens.convert_tokens_to_ids("<|video_pad|>"),
    )
    sizes: dict[str, Any] = {"patch_size": 8, "size": {"shortest_edge": 16 * 16, "longest_edge": 16 * 16 * 64}}
    processor = VideoLlama3Processor(
        VideoLlama3ImageProcessor(merge_size=1, **sizes),
        tokens,
        VideoLlama3VideoProcessor(merge_size=2, **sizes),
        chat_template=_chat("<|image_pad|>", "<|video_pad|>"),
    )
    return _saved(folder, lambda: VideoLlama3ForConditionalGeneration(config), processor)


def write_blip(folder: Path) -> Path:
    words = _word_tokenizer(folder)
    config = BlipConfig(
        text_config={
            **{key: value for key, value in _LLAMA.items() if key != "model_type"},
            "vocab_size": len(words),
            "encoder_hidden_size": 32,
            "projection_dim": 32,
            "bos_token_id": 2,
            "sep_token_id": 3,
            "eos_token_id": 3,
        },
        vision_config=_SEEING,
        projection_dim=32,
        initializer_range=_WIDE,
    )
    processor = BlipProcessor(BlipImageProcessor(size={"height": 32, "width": 32}), words)
    return _saved(folder, lambda: BlipForConditionalGeneration(config), processor)


def write_git(folder: Path) -> Path:
    words = _word_tokenizer(folder)
    config = GitConfig(
        vision_config=_SEEING,
        vocab_size=len(words),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        bos_token_id=2,
        eos_token_id=3,
        initializer_range=_WIDE,
    )
    processor = GitProcessor(
        CLIPImageProcessor(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32}), words
    )
    return _saved(folder, lambda: GitForCausalLM(config), processor)


WRITERS: Final[dict[str, Callable[[Path], Path]]] = {
    "blip": write_blip,
    "git": write_git,
    "internvl": write_internvl,
    "llava": write_tiny_image_model,
    "llava_onevision": write_llava_onevision,
    "qwen2_5_vl": write_qwen2_5_vl,
    "qwen3_vl": write_tiny_video_model,
    "smolvlm": write_smolvlm,
    "video_llama_3": write_video_llama_3,
}


def _saved(folder: Path, make: Callable[[], PreTrainedModel], processor: ProcessorMixin) -> Path:
    torch.manual_seed(7)
    make().save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder


def _chat(image: str, video: str) -> str:
    return (
        "{% for m in messages %}{{ m['role'] }}: {% for c in m['content'] %}"
        f"{{% if c['type'] == 'video' %}}{video}{{% elif c['type'] == 'image' %}}{image}"
        "{% else %}{{ c['text'] }}{% endif %}{% endfor %}\n{% endfor %}"
        "{% if add_generation_prompt %}assistant: {% endif %}"
    )


def _word_tokenizer(folder: Path) -> PreTrainedTokenizerFast:
    folder.mkdir(parents=True, exist_ok=True)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *(f"word{number}" for number in range(60))]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    return BertTokenizer.from_pretrained(str(folder))
