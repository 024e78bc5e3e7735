"""libsenet's C interface (senet.h), on host or device memory."""

import ctypes
from pathlib import Path


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


def load(path: Path | str) -> ctypes.CDLL:
    """libsenet.so, with its functions' types."""
    libsenet = ctypes.CDLL(str(path))
    libsenet.senet_last_message.restype = ctypes.c_char_p
    libsenet.senet_model_describe.restype = ctypes.POINTER(_ModelHead)
    libsenet.senet_model_describe.argtypes = [ctypes.c_void_p]
    libsenet.senet_model_device.restype = ctypes.c_char_p
    libsenet.senet_model_device.argtypes = [ctypes.c_void_p]
    libsenet.senet_session_close.argtypes = [ctypes.c_void_p]
    libsenet.senet_model_close.argtypes = [ctypes.c_void_p]
    for run in (libsenet.senet_session_run_f32, libsenet.senet_session_run_device_f32):
        run.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_void_p, ctypes.c_void_p]
    return libsenet


class Session:
    """Of a library on a device, as senet_model_options names it; `stream`: a CUstream, or 0 for runs on host memory."""

    def __init__(
        self, libsenet: ctypes.CDLL, library: Path | str, device: str, max_batch: int, threads: int = 0, stream: int = 0
    ):
        self._libsenet, self._stream = libsenet, stream
        self._model, self._session = ctypes.c_void_p(), ctypes.c_void_p()
        options = _ModelOptions(device=device.encode())
        path = str(Path(library).resolve()).encode()
        self._check(libsenet.senet_model_open(path, ctypes.byref(options), ctypes.byref(self._model)))
        session_options = _SessionOptions(max_batch=max_batch, threads=threads, cuda_stream=stream or None)
        self._check(libsenet.senet_session_open(self._model, ctypes.byref(session_options), ctypes.byref(self._session)))

    def _check(self, status: int) -> None:
        if status != 0:
            raise RuntimeError(self._libsenet.senet_last_message().decode())

    def classes(self) -> int:
        return self._libsenet.senet_model_describe(self._model).contents.classes

    def device(self) -> str:
        return self._libsenet.senet_model_device(self._model).decode()

    def run(self, batch: int, images: int, logits: int) -> None:
        """Addresses: of device memory if there is a stream, where the run is only queued; else of host memory."""
        call = self._libsenet.senet_session_run_device_f32 if self._stream else self._libsenet.senet_session_run_f32
        self._check(call(self._session, batch, images, logits))

    def close(self) -> None:
        self._libsenet.senet_session_close(self._session)
        self._libsenet.senet_model_close(self._model)
