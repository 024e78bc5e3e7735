"""What the measurements ran on."""

import datetime
import json
import os
import re
import subprocess
from pathlib import Path


def _cpuinfo(field: str) -> str:
    match = re.search(rf"^{field}\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return match[1].strip() if match else "unknown"


def cpu_name() -> str:
    """As the kernel says it; with family and model where a hypervisor left the name bare."""
    name = re.sub(r"\((R|TM)\)", "", _cpuinfo("model name")).strip()
    if re.search(r"\d", name):
        return name
    return f"{name}, family {_cpuinfo('cpu family')} model {_cpuinfo('model')}"


def cpu_slug() -> str:
    return re.sub(r"[^a-z0-9]+", "-", cpu_name().lower()).strip("-")


def cores() -> int:
    return len(os.sched_getaffinity(0))


def today() -> str:
    return datetime.date.today().isoformat()


def fma_peak(senet: Path, library: Path) -> float:
    """flop/s of one core, as `senet bench` measures it."""
    command = [senet, "bench", library, "--threads", "1", "--seconds", "0", "--profile"]
    profile = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(re.search(r"measured peak ([\d.]+) GFLOP/s", profile)[1]) * 1e9


def moved_bytes(senet: Path, library: Path) -> dict[str, int]:
    """What our library moves per image, counted from the plan of the variant that runs here."""
    info = subprocess.run([senet, "info", library, "--json"], check=True, capture_output=True, text=True).stdout
    return next(variant["moved_bytes"] for variant in json.loads(info)["variants"] if variant["chosen"])
