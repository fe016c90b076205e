"""Writes a sentence-transformers folder with a tiny random BERT, so that loading one is tested without a download."""

from collections.abc import Mapping
from pathlib import Path

PIECES = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    "a",
    "dog",
    "runs",
    "on",
    "the",
    "beach",
    "query",
    "passage",
    ":",
]


def write_tiny_sentence_transformer(folder: Path, *, prompts: Mapping[str, str]) -> Path:
    """A model of 16 dimensions whose vocabulary holds `PIECES`, single letters and pieces of a letter."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    letters = [chr(code) for code in range(ord("b"), ord("z") + 1)]
    pieces = PIECES + letters + [f"##{letter}" for letter in ["a", *letters]]
    tokenizer = Tokenizer(models.WordPiece({piece: number for number, piece in enumerate(pieces)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(pieces),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )
    parts = folder / "parts"
    BertModel(config).save_pretrained(parts)
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=64,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
    ).save_pretrained(parts)
    transformer = Transformer(str(parts))
    model = SentenceTransformer(
        modules=[transformer, Pooling(16, pooling_mode="mean")], prompts=dict(prompts), device="cpu"
    )
    model.save_pretrained(str(folder / "tiny"), create_model_card=False)
    return folder / "tiny"
