"""Classifies folders of images (one per class) with `senet run` and with ONNX Runtime, and compares every prediction.

ONNX Runtime gets the network exported from our graph, and the pixels that PIL decodes; the images must have the
network's size, so that only the networks differ. Writes nothing but files in build/peers.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image
from safetensors.numpy import load_file

import graph_text
from onnx_from_graph import export
from prepare import RELEASE, RELEASE_HELP, ROOT, WORK, Tools, build_tools

_NETWORK = "se_resnet20_cifar"
_WEIGHTS = ROOT / "models" / "weights" / "se_resnet20_cifar10.safetensors"
_MEAN, _DEVIATION = (0.4914, 0.4822, 0.4465), (0.2023, 0.1994, 0.2010)


def _in_order_of_classes(predictions: list[dict[str, float]]) -> np.ndarray:
    return np.array([entry["logit"] for entry in sorted(predictions, key=lambda entry: entry["index"])])


def _our_logits(tools: Tools, folder: Path) -> dict[str, np.ndarray]:
    """By path, in the order of classes."""
    subprocess.run([tools.senetc, "build", _NETWORK, "--weights", _WEIGHTS, "-o", WORK], check=True)
    output = WORK / "accuracy.json"
    subprocess.run(
        [
            tools.senet,
            "run",
            WORK / "x86-64" / f"lib{_NETWORK}.so",
            folder,
            "--class-folders",
            "--top",
            "10",
            "--output",
            output,
        ],
        check=True,
    )
    rows = json.loads(output.read_text())
    failed = [row for row in rows if "error" in row]
    if failed:
        raise RuntimeError(
            f"senet run failed on {len(failed)} images, first on {failed[0]['path']}: {failed[0]['error']}"
        )
    return {row["path"]: _in_order_of_classes(row["predictions"]) for row in rows}


def _pixels(path: str, size: tuple[int, int]) -> np.ndarray:
    image = Image.open(path).convert("RGB")
    if image.size != size[::-1]:
        raise RuntimeError(
            f"{path} is {image.width}x{image.height}, the network's input {size[1]}x{size[0]}: nothing is resized here"
        )
    normalised = (np.asarray(image, np.float32) / 255 - np.float32(_MEAN)) / np.float32(_DEVIATION)
    return normalised.transpose(2, 0, 1)


def _their_logits(tools: Tools, paths: list[str]) -> np.ndarray:
    text = subprocess.run([tools.senetc, "show", _NETWORK], check=True, capture_output=True, text=True).stdout
    graph, model = graph_text.parse(text), WORK / f"{_NETWORK}.onnx"
    export(graph, load_file(_WEIGHTS), "pool", model)
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    images = np.stack([_pixels(path, graph.nodes[0].shape[1:]) for path in paths])
    return session.run(None, {graph.nodes[0].name: images})[0]


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench/peers/accuracy", description=__doc__)
    parser.add_argument(
        "folder",
        type=Path,
        metavar="DIR_OF_CLASS_FOLDERS",
        help="one folder per class; sorted by name they are the classes in order",
    )
    parser.add_argument("--build", type=Path, default=RELEASE, help=RELEASE_HELP)
    options = parser.parse_args()
    tools = build_tools(options.build)
    WORK.mkdir(parents=True, exist_ok=True)

    ours_by_path = _our_logits(tools, options.folder)
    paths = list(ours_by_path)
    ours, theirs = np.stack(list(ours_by_path.values())), _their_logits(tools, paths)
    classes = sorted(entry.name for entry in options.folder.iterdir() if entry.is_dir())
    truth = np.array([classes.index(Path(path).parent.name) for path in paths])
    different = np.flatnonzero(ours.argmax(1) != theirs.argmax(1))
    print(
        f"{len(paths)} images: top-1 accuracy senet {np.mean(ours.argmax(1) == truth):.2%}, "
        f"ONNX Runtime {np.mean(theirs.argmax(1) == truth):.2%}; different predictions: {len(different)}; "
        f"largest difference of a logit: {np.abs(ours - theirs).max():.2g} of {np.abs(theirs).max():.3g}"
    )
    if len(different):
        raise RuntimeError("predictions differ: " + ", ".join(paths[index] for index in different[:5]))


if __name__ == "__main__":
    try:
        main()
    except (RuntimeError, ValueError) as error:
        sys.exit(f"bench/peers/accuracy: {error}")
