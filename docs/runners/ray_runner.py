#!/usr/bin/env python3
"""Runs a measuring program on a Ray cluster: ray_runner.py PROGRAM. For senetc tune --runner 'python3 ray_runner.py'.

Start each node with `ray start --address=... --resources='{"board": 1}'`: a node then measures one program at a time.
"""
import os
import subprocess
import sys
import tempfile

import ray


@ray.remote(num_cpus=0, resources={"board": 1}, max_retries=0)
def measure(program):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "measure")
        with open(path, "wb") as file:
            file.write(program)
        os.chmod(path, 0o700)
        return subprocess.run([path], stdout=subprocess.PIPE, check=False).stdout


ray.init(address="auto", log_to_driver=False, logging_level="ERROR")
with open(sys.argv[1], "rb") as program:
    sys.stdout.buffer.write(ray.get(measure.remote(program.read())))
