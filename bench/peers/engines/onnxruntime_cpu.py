"""ONNX Runtime: all optimisations, spinning threads, shapes fixed so that it can plan memory."""

from collections.abc import Callable

import numpy as np
import onnxruntime

from engines import image_by_image


def _open_session(model: str, threads: int, batch: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.add_session_config_entry("session.intra_op.allow_spinning", "1")
    options.add_free_dimension_override_by_name("batch", batch)
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def open_engine(model: str, threads: int, images: np.ndarray, apart: bool) -> Callable[[], np.ndarray]:
    session = _open_session(model, 1 if apart else threads, 1 if apart else len(images))
    name = session.get_inputs()[0].name
    if not apart:
        return lambda: session.run(None, {name: images})[0]
    return image_by_image(lambda image: session.run(None, {name: image[None]})[0][0], list(images), threads)
