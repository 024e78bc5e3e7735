"""Puts all that a comparison on a GPU needs into one folder."""

import argparse
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SCRIPTS = ["run", "compare.py", "network.py", "page.py", "roofline.py"]
PEERS_SCRIPTS = ["formula.py", "graph_text.py", "senet.py"]  # of bench/peers
PROGRAMS = ["senet", "write_weights"]
GLIBC = ("libc.", "libm.", "libdl.", "libpthread.", "librt.")  # each machine's own


def _output(*command: object) -> str:
    return subprocess.run([str(word) for word in command], check=True, stdout=subprocess.PIPE, text=True).stdout


def _pack_network(request: list[str], name: str, build: Path, arch: str, folder: Path) -> None:
    senetc = build / "bin" / "senetc"
    (folder / f"{name}.graph").write_text(_output(senetc, "show", *request))
    weights = folder / f"{name}.safetensors"
    _output(senetc, "weights", *request, "-o", weights)
    code = ["--cuda-arch", arch] if arch else []
    _output(senetc, "build", *request, "--weights", weights, "--name", name, "--target", "x86-64-cuda",
            "--variants", "cuda,avx2", "--weights-beside", "-o", folder / "built", *code)
    weights.unlink()  # the other machine makes them by formula, and packs them by what the library says of its steps
    shutil.move(folder / "built" / "x86-64-cuda" / f"lib{name}.so", folder / f"lib{name}.so")
    shutil.rmtree(folder / "built")
    (folder / f"{name}.weights").unlink(missing_ok=True)  # of a bundle that was tried out


def _copy_libraries(program: Path, folder: Path) -> None:
    """Those that the other machine may lack."""
    folder.mkdir(exist_ok=True)
    for line in _output("ldd", program).splitlines():
        name, found, path = line.strip().partition(" => ")
        if found and not name.startswith(GLIBC):
            shutil.copy(path.split()[0], folder / name)


def _copy_programs(build: Path, folder: Path) -> None:
    for script in SCRIPTS:
        shutil.copy(HERE / script, folder)
    for script in PEERS_SCRIPTS:
        shutil.copy(HERE.parent / "peers" / script, folder)
    library = next(build.rglob("libsenet.so"), None)
    if library is None:
        raise SystemExit(f"{build} has no libsenet.so: build the project there first")
    shutil.copy(library, folder)
    for program in PROGRAMS:
        _output("strip", "-o", folder / program, build / "bin" / program)
        _copy_libraries(build / "bin" / program, folder / "lib")


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
    size = sum(path.stat().st_size for path in options.output.rglob("*") if path.is_file())
    print(f"{options.output}: {size / 1e6:.0f} MB")


main()
