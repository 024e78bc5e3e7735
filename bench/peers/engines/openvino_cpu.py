"""OpenVINO: fp32 (it would take bf16 where the CPU has it); one stream hinted for latency or, image by image, a stream
a thread hinted for throughput.
"""

from collections.abc import Callable

import numpy as np
import openvino
from openvino.frontend import FrontEndManager

# Both are libraries that OpenVINO loads when first asked; loading libraries isn't part of opening a model.
_core = openvino.Core()
_core.get_property("CPU", "FULL_DEVICE_NAME")
FrontEndManager().load_by_framework("onnx")


def _compile(model: str, batch: int, threads: int, streams: int) -> openvino.CompiledModel:
    network = _core.read_model(model)
    network.reshape([batch, *list(network.input().partial_shape)[1:]])
    settings = {
        "PERFORMANCE_HINT": "LATENCY" if streams == 1 else "THROUGHPUT",
        "INFERENCE_PRECISION_HINT": "f32",
        "NUM_STREAMS": str(streams),
        "INFERENCE_NUM_THREADS": str(threads),
    }
    return _core.compile_model(network, "CPU", settings)


def open_engine(model: str, threads: int, images: np.ndarray, apart: bool) -> Callable[[], np.ndarray]:
    requests_images = np.split(images, len(images)) if apart else [images]
    compiled = _compile(model, len(requests_images[0]), threads, threads if apart else 1)
    requests = []
    for request_images in requests_images:
        requests.append(compiled.create_infer_request())
        requests[-1].set_input_tensor(openvino.Tensor(request_images, shared_memory=True))

    def together() -> np.ndarray:
        requests[0].infer()
        return requests[0].get_output_tensor().data

    def all_at_once() -> np.ndarray:
        for request in requests:
            request.start_async()
        for request in requests:
            request.wait()
        return np.concatenate([request.get_output_tensor().data for request in requests])

    return all_at_once if apart else together
