"""OpenVINO: fp32 (it would take bf16 where the CPU has it), one stream, hinted for latency."""

from collections.abc import Callable

import numpy as np
import openvino


def open_engine(model: str, threads: int, images: np.ndarray) -> Callable[[], np.ndarray]:
    core = openvino.Core()
    network = core.read_model(model)
    network.reshape(list(images.shape))
    compiled = core.compile_model(
        network,
        "CPU",
        {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": "f32",
            "NUM_STREAMS": "1",
            "INFERENCE_NUM_THREADS": str(threads),
        },
    )
    request = compiled.create_infer_request()
    request.set_input_tensor(openvino.Tensor(images, shared_memory=True))

    def run() -> np.ndarray:
        request.infer()
        return request.get_output_tensor().data

    return run
