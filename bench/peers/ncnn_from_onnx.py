"""Converts an ONNX model to ncnn's two files with pnnx, in fp32."""

import importlib.util
import subprocess
import tempfile
from pathlib import Path


def _program() -> Path:
    spec = importlib.util.find_spec("pnnx")  # not imported: its Python half wants torch
    return Path(spec.submodule_search_locations[0]) / "pnnx"


def convert(model: Path, image_shape: tuple[int, ...]) -> None:
    """Writes MODEL.ncnn.param and MODEL.ncnn.bin beside MODEL.onnx."""
    shape = ",".join(map(str, (1, *image_shape)))
    with tempfile.TemporaryDirectory(dir=model.parent) as folder:  # pnnx leaves files beside its input
        copy = Path(folder, "model.onnx")
        copy.symlink_to(model.resolve())
        done = subprocess.run(
            [_program(), copy, f"inputshape=[{shape}]f32", "fp16=0"], capture_output=True, text=True, cwd=folder
        )
        made = {suffix: copy.with_suffix(suffix) for suffix in (".ncnn.param", ".ncnn.bin")}
        if done.returncode != 0 or not all(path.exists() for path in made.values()):
            raise RuntimeError(f"pnnx can't convert {model}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        for suffix, path in made.items():
            path.rename(model.with_suffix(suffix))
