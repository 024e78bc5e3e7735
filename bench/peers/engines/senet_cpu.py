"""Ours, through libsenet's C interface (senet.h); the library's path comes in SENET_LIBRARY."""

import ctypes
import os
from collections.abc import Callable

import numpy as np

_senet = ctypes.CDLL(os.environ["SENET_LIBRARY"])
_senet.senet_last_message.restype = ctypes.c_char_p
_senet.senet_model_describe.restype = ctypes.c_void_p
_senet.senet_model_describe.argtypes = [ctypes.c_void_p]


class _SessionOptions(ctypes.Structure):
    _fields_ = [
        ("max_batch", ctypes.c_uint32),
        ("threads", ctypes.c_uint32),
        ("mean", ctypes.c_void_p),
        ("deviation", ctypes.c_void_p),
        ("arena", ctypes.c_void_p),
        ("arena_bytes", ctypes.c_size_t),
        ("cuda_stream", ctypes.c_void_p),
    ]


class _ModelHead(ctypes.Structure):
    """The first fields of senet_model_v1_t."""

    _fields_ = [
        ("abi_version", ctypes.c_uint32),
        ("num_variants", ctypes.c_uint32),
        ("name", ctypes.c_char_p),
        ("producer", ctypes.c_char_p),
        ("description", ctypes.c_char_p),
        ("channels", ctypes.c_uint32),
        ("height", ctypes.c_uint32),
        ("width", ctypes.c_uint32),
        ("classes", ctypes.c_uint32),
    ]


def _check(status: int) -> None:
    if status != 0:
        raise RuntimeError(_senet.senet_last_message().decode())


def _floats(values: np.ndarray) -> ctypes.c_void_p:
    return values.ctypes.data_as(ctypes.c_void_p)


def open_engine(model: str, threads: int, images: np.ndarray, apart: bool) -> Callable[[], np.ndarray]:
    assert not apart, "a session's threads share a batch well already"
    opened, session = ctypes.c_void_p(), ctypes.c_void_p()
    _check(_senet.senet_model_open(model.encode(), None, ctypes.byref(opened)))
    options = _SessionOptions(max_batch=len(images), threads=threads)
    _check(_senet.senet_session_open(opened, ctypes.byref(options), ctypes.byref(session)))
    head = ctypes.cast(_senet.senet_model_describe(opened), ctypes.POINTER(_ModelHead)).contents
    logits = np.empty((len(images), head.classes), np.float32)

    def run() -> np.ndarray:
        _check(_senet.senet_session_run_f32(session, ctypes.c_uint32(len(images)), _floats(images), _floats(logits)))
        return logits

    return run
