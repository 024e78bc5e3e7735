"""One module per engine, imported only in its worker's process. Each has

    open_engine(model: str, threads: int, images: np.ndarray) -> Callable[[], np.ndarray]

which opens the model for exactly these images, float [N, C, H, W]; what it returns runs them and gives the logits,
[N, classes].
"""
