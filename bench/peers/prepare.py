"""Makes every file that a comparison needs, in build/peers/<network>: graph, weights, the peers' files, our library."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from safetensors.numpy import load_file

import graph_text
from ncnn_from_onnx import convert
from onnx_from_graph import FORMS, export

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "build" / "peers"
RELEASE = ROOT / "build" / "release"
RELEASE_HELP = "folder of a finished build; default: the release preset's, built first"


@dataclass
class Tools:
    senetc: Path
    senet: Path
    libsenet: Path


@dataclass
class Network:
    name: str
    plain: bool  # without SE
    graph: graph_text.Graph
    models: dict[str, list[Path]]  # engine -> the files it may run; the fastest counts

    def ours(self) -> Path:
        return self.models["senet_cpu"][0]


def build_tools(build: Path) -> Tools:
    """Configures and compiles the release preset where `build` is its folder; another folder is taken as it is."""
    if build.resolve() == RELEASE:
        for step in (["--preset", "release"], ["--build", "--preset", "release"]):
            subprocess.run(["cmake", *step], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    library = next(build.rglob("libsenet.so"), None)
    if library is None:
        raise RuntimeError(f"{build} has no libsenet.so: build the project there first")
    return Tools(build / "bin" / "senetc", build / "bin" / "senet", library)


def _peers_models(graph: graph_text.Graph, weights: Path, folder: Path) -> dict[str, list[Path]]:
    models = [folder / f"{form}.onnx" for form in FORMS]
    converted = [model.with_suffix(".ncnn.param") for model in models]
    text = folder / "graph.txt"
    if not all(path.exists() and path.stat().st_mtime > text.stat().st_mtime for path in models + converted):
        constants = load_file(weights)
        for form, model in zip(FORMS, models):
            export(graph, constants, form, model)
            convert(model, graph.nodes[0].shape)
    return {"onnxruntime_cpu": models, "openvino_cpu": models, "ncnn_cpu": converted}


def _write_if_changed(path: Path, text: str) -> None:
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def prepare(name: str, plain: bool, tools: Tools, peers: bool = True) -> Network:
    """Without `peers`, for our engine alone."""
    request = [name, "--plain"] if plain else [name]
    folder = WORK / "-".join(part.strip("-") for part in request)
    folder.mkdir(parents=True, exist_ok=True)
    text = subprocess.run([tools.senetc, "show", *request], check=True, capture_output=True, text=True).stdout
    _write_if_changed(folder / "graph.txt", text)
    graph = graph_text.parse(text)

    weights = folder / "weights.safetensors"
    if not weights.exists() or weights.stat().st_mtime < (folder / "graph.txt").stat().st_mtime:
        subprocess.run([tools.senetc, "weights", *request, "-o", weights], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([tools.senetc, "build", *request, "--weights", weights, "-o", folder, "--name", name], check=True)
    ours = {"senet_cpu": [folder / "x86-64" / f"lib{name}.so"]}
    return Network(name, plain, graph, ours | (_peers_models(graph, weights, folder) if peers else {}))
