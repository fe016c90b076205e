"""What a user can set, from options or the environment. Only `bootstrap` reads it; nothing below may."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Each field can be given as an option, or as `SHOTLIST_` and its name in the environment."""

    model_config = SettingsConfigDict(env_prefix="SHOTLIST_", extra="ignore")

    library: Path = Field(default=Path("shotlist-library"), description="the library's folder")
    database: str | None = Field(default=None, description="a PostgreSQL URL to keep texts and vectors in")
    embedder: str | None = Field(
        default=None, description="`minilm`, or a sentence-transformers name or folder; the library's own"
    )
    image_embedder: str | None = Field(
        default=None, description="a SigLIP or CLIP model by name or folder, or `none`; the library's own"
    )
    detector: str = Field(default="standard", description="the shot detector: `standard`, `thorough` or `fixed`")
    max_pixels: int = Field(default=36_000_000, gt=0, description="the largest picture a video may have, in pixels")
    decode_memory_gb: float = Field(default=4, gt=0.5, description="GiB of memory that decoding one file may use")
    stall_seconds: float = Field(default=30, gt=0, description="how long decoding may get nowhere before it is stopped")
    spool_gb: float = Field(default=10, ge=0, description="GB that pictures kept for captions may take meanwhile")
    lanes: int | None = Field(default=None, gt=0, description="pieces of work done at once; as many as processors")
    requests: int = Field(default=4, gt=0, le=256, description="what a captioner's server is asked for at once")
    device: str = Field(default="auto", description="what models run on: `auto`, `cpu`, `cuda` or `cuda:1`")
