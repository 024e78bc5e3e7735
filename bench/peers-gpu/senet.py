"""Our library through libsenet's C interface (senet.h), on host or device memory."""

import ctypes
from pathlib import Path

_senet = ctypes.CDLL(str(Path(__file__).resolve().parent / "libsenet.so"))
_senet.senet_last_message.restype = ctypes.c_char_p
_senet.senet_model_device.restype = ctypes.c_char_p
_senet.senet_model_device.argtypes = [ctypes.c_void_p]
_senet.senet_session_close.argtypes = [ctypes.c_void_p]
_senet.senet_model_close.argtypes = [ctypes.c_void_p]
for _run in (_senet.senet_session_run_f32, _senet.senet_session_run_device_f32):
    _run.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_void_p, ctypes.c_void_p]


class _ModelOptions(ctypes.Structure):
    _fields_ = [(name, ctypes.c_char_p) for name in ("variant", "weights_path", "device")] + [
        ("cuda_context", ctypes.c_void_p)
    ]


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


def _check(status: int) -> None:
    if status != 0:
        raise RuntimeError(_senet.senet_last_message().decode())


class Session:
    """`device`: as in senet_model_options; `stream`: a CUstream, or 0 for runs on host memory."""

    def __init__(self, library: Path, device: str, max_batch: int, stream: int = 0):
        self._model, self._session, self._stream = ctypes.c_void_p(), ctypes.c_void_p(), stream
        options = _ModelOptions(device=device.encode())
        path = str(library.resolve()).encode()
        _check(_senet.senet_model_open(path, ctypes.byref(options), ctypes.byref(self._model)))
        session_options = _SessionOptions(max_batch=max_batch, cuda_stream=stream or None)
        _check(_senet.senet_session_open(self._model, ctypes.byref(session_options), ctypes.byref(self._session)))

    def device(self) -> str:
        return _senet.senet_model_device(self._model).decode()

    def run(self, batch: int, images: int, logits: int) -> None:
        """Addresses: of device memory if there is a stream, where the run is only queued; else of host memory."""
        call = _senet.senet_session_run_device_f32 if self._stream else _senet.senet_session_run_f32
        _check(call(self._session, batch, images, logits))

    def close(self) -> None:
        _senet.senet_session_close(self._session)
        _senet.senet_model_close(self._model)
