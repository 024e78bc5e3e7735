"""ONNX Runtime: sequential execution, its default spinning, batch fixed so that it can plan memory."""

from collections.abc import Callable

import numpy as np
import onnxruntime


def open_engine(model: str, threads: int, images: np.ndarray) -> Callable[[], np.ndarray]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.add_free_dimension_override_by_name("batch", len(images))
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    feed = {session.get_inputs()[0].name: images}
    return lambda: session.run(None, feed)[0]
