"""The settings section of the embedding model."""

from pydantic import BaseModel, ConfigDict, Field


class EmbeddingSettings(BaseModel):
    """Which model makes the vectors, and how. In the environment: ``TANYA_EMBEDDING__MODEL`` and so on.

    ``model``: a folder, or the name of a model in the local Hugging Face cache; empty chooses by itself.
    ``allow_download``: permit fetching the model from the Hugging Face hub when it is nowhere on disk.
    ``batch_size``: texts a pass. On two cores 8 passages a pass take half the time a passage that 32 take,
    and 340 MB less memory at the peak, for the activations then stay in the processor's cache.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = ""
    allow_download: bool = False
    batch_size: int = Field(default=8, ge=1, le=256)
