"""Puts all that a comparison on a GPU needs into one folder."""

import argparse
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROGRAMS = ["run", "compare.py", "network.py", "senet.py", "page.py", "../peers/graph_text.py", "../peers/formula.py"]


def _output(*command: object) -> str:
    return subprocess.run([str(word) for word in command], check=True, stdout=subprocess.PIPE, text=True).stdout


def _pack_network(request: list[str], name: str, build: Path, arch: str, folder: Path) -> None:
    senetc = build / "bin" / "senetc"
    (folder / f"{name}.graph").write_text(_output(senetc, "show", *request))
    weights = folder / f"{name}.safetensors"
    _output(senetc, "weights", *request, "-o", weights)
    code = ["--cuda-arch", arch] if arch else []
    _output(senetc, "build", *request, "--weights", weights, "--name", name, "--target", "x86-64-cuda",
            "--variants", "cuda,avx2", "-o", folder / "built", *code)
    weights.unlink()  # the other machine makes them by formula
    shutil.move(folder / "built" / "x86-64-cuda" / f"lib{name}.so", folder / f"lib{name}.so")
    shutil.rmtree(folder / "built")


def _copy_programs(build: Path, folder: Path) -> None:
    for program in PROGRAMS:
        shutil.copy(HERE / program, folder)
    library = next(build.rglob("libsenet.so"), None)
    if library is None:
        raise SystemExit(f"{build} has no libsenet.so: build the project there first")
    shutil.copy(library, folder / "libsenet.so")
    shutil.copy(build / "bin" / "senet", folder)


def main() -> None:
    parser = argparse.ArgumentParser(description="Packs networks for bench/peers-gpu/run on another machine.")
    parser.add_argument("networks", nargs="+", metavar="NETWORK", help="as `senetc list` names them")
    parser.add_argument("--plain", action="store_true", help="pack each without its SE blocks, too")
    parser.add_argument("--cuda-arch", default="", metavar="sm_80,sm_90", help="code for architectures; needs ptxas")
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "release", help="folder of a finished build")
    parser.add_argument("-o", "--output", type=Path, default=Path("gpu-bundle"), help="a folder; default: gpu-bundle")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    _copy_programs(options.build, options.output)
    for network in options.networks:
        for plain in [False, True] if options.plain else [False]:
            request, name = ([network, "--plain"], f"{network}_plain") if plain else ([network], network)
            _pack_network(request, name, options.build, options.cuda_arch, options.output)
    size = sum(path.stat().st_size for path in options.output.iterdir())
    print(f"{options.output}: {size / 1e6:.0f} MB")


main()
