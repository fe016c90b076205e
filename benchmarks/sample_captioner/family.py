"""A small model of the Qwen3-VL family with its tokenizer and processor, built from their own classes."""

from collections.abc import Iterable

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    PreTrainedTokenizerFast,
    Qwen2VLImageProcessor,
    Qwen3VLConfig,
    Qwen3VLForConditionalGeneration,
    Qwen3VLProcessor,
    Qwen3VLVideoProcessor,
)

SPECIAL = (
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|vision_start|>",
    "<|vision_end|>",
    "<|vision_pad|>",
    "<|image_pad|>",
    "<|video_pad|>",
)
PAD, END = SPECIAL[0], SPECIAL[2]
PATCH, MERGE, PAIR = 12, 2, 2
FPS, FEWEST, MOST = 2, 4, 12  # frames
TOKENS_A_PAIR = 29  # of (PATCH * MERGE) squared pixels; 28 are used: 168 x 96, and a film of 16:9 shrinks to that
# A question is passed over: the model knows one answer only, and is trained without any.
CHAT = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n"
    "{% if message['role'] == 'user' and message['content'] is not string %}"
    "{% for part in message['content'] %}"
    "{% if part['type'] == 'video' or 'video' in part %}<|video_pad|>"
    "{% elif part['type'] == 'image' or 'image' in part %}<|vision_start|><|image_pad|><|vision_end|>{% endif %}"
    "{% endfor %}"
    "{% elif message['role'] == 'assistant' %}{{ message['content'] }}{% endif %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def make_tokenizer(captions: Iterable[str]) -> PreTrainedTokenizerFast:
    """Byte-level BPE over the captions, with the times that Qwen3-VL writes before each pair of frames."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"<\d+|\.\d seconds>| ?\p{L}+|\d| ?[^\s\p{L}\d]|\s+"), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=1024,
        special_tokens=[AddedToken(token, special=True, normalized=False) for token in SPECIAL],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    times = (f"<{tenths / 10:.1f} seconds>" for tenths in range(1000))
    frame = ("user\n", "assistant\n")
    tokenizer.train_from_iterator([*captions, *times, *frame * 1000], trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=PAD,
        eos_token=END,
        additional_special_tokens=[token for token in SPECIAL if token not in (PAD, END)],
        padding_side="left",
        model_max_length=4096,
        clean_up_tokenization_spaces=False,
    )


def make_processor(tokenizer: PreTrainedTokenizerFast) -> Qwen3VLProcessor:
    looks = {
        "patch_size": PATCH,
        "temporal_patch_size": PAIR,
        "merge_size": MERGE,
        "image_mean": [0.5] * 3,
        "image_std": [0.5] * 3,
    }
    pixels = TOKENS_A_PAIR * (PATCH * MERGE) ** 2
    video = Qwen3VLVideoProcessor(
        **looks,
        size={"shortest_edge": 4096, "longest_edge": pixels * MOST},
        cap_pixels_per_frame=True,
        max_video_tokens=TOKENS_A_PAIR,
        fps=FPS,
        min_frames=FEWEST,
        max_frames=MOST,
    )
    image = Qwen2VLImageProcessor(**looks, size={"shortest_edge": 4096, "longest_edge": pixels})
    return Qwen3VLProcessor(image, tokenizer, video, chat_template=CHAT)


def make_model(tokenizer: PreTrainedTokenizerFast) -> Qwen3VLForConditionalGeneration:
    token = tokenizer.convert_tokens_to_ids
    text = {
        "vocab_size": len(tokenizer),
        "hidden_size": 192,
        "intermediate_size": 512,
        "num_hidden_layers": 4,
        "num_attention_heads": 6,
        "num_key_value_heads": 6,
        "head_dim": 32,
        "max_position_embeddings": 4096,
        "rope_parameters": {
            "rope_type": "default",
            "rope_theta": 10000.0,
            "mrope_section": [6, 5, 5],
            "mrope_interleaved": True,
        },
        "pad_token_id": token(PAD),
        "bos_token_id": None,
        "eos_token_id": token(END),
    }
    vision = {
        "depth": 4,
        "hidden_size": 128,
        "intermediate_size": 384,
        "num_heads": 4,
        "patch_size": PATCH,
        "temporal_patch_size": PAIR,
        "spatial_merge_size": MERGE,
        "out_hidden_size": 192,
        "num_position_embeddings": 196,
        "deepstack_visual_indexes": [1],
    }
    config = Qwen3VLConfig(
        text_config=text,
        vision_config=vision,
        image_token_id=token("<|image_pad|>"),
        video_token_id=token("<|video_pad|>"),
        vision_start_token_id=token("<|vision_start|>"),
        vision_end_token_id=token("<|vision_end|>"),
        tie_word_embeddings=True,
    )
    model = Qwen3VLForConditionalGeneration(config)
    model.generation_config.update(
        do_sample=False, max_new_tokens=96, pad_token_id=token(PAD), eos_token_id=token(END), bos_token_id=None
    )
    return model
