"""Which kind of index suits which size."""

_FP16_LIMIT = 300_000


def kind_for(count: int) -> str:
    """The kind of index for `count` vectors.

    Up to 300,000: `flat-fp16`, every vector at half precision, exact in practice (768 bytes a vector of 384
    dimensions, 2.3 ms a search of 100,000). Beyond: `flat-sq8`, one byte a number; half the memory, the same speed, and
    of the ten best rows of random data it finds 9.8. Time still grows with the count; an index that looks at a part
    of the vectors only is not offered yet.
    """
    return "flat-fp16" if count <= _FP16_LIMIT else "flat-sq8"
