"""llama.cpp's server from the wheel of xllamacpp, with those options of `llama-server` that are used here.

It runs in a Python that has xllamacpp: `python tests/llama_server.py -m MODEL --mmproj FILE --port N`.
"""

import argparse
import signal
import threading


def main() -> None:
    import xllamacpp  # no part of papertray, which imports this file to know where it lies

    given = _read_options()
    params = xllamacpp.CommonParams()
    params.model.path = given.model
    params.mmproj.path = given.mmproj
    params.hostnames, params.port = ["127.0.0.1"], given.port
    params.n_parallel = given.parallel
    params.n_ctx = given.ctx_size
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = given.threads
    params.special = given.special
    params.warmup = False
    params.cache_ram_mib = 0
    params.n_gpu_layers = 0
    if given.cache_type:
        params.cache_type_k = params.cache_type_v = getattr(
            xllamacpp.ggml_type, f"GGML_TYPE_{given.cache_type.upper()}"
        )
    server = xllamacpp.Server(params)
    print("listening at", server.listening_address, flush=True)
    ended = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ended.set())
    ended.wait()


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("-m", dest="model", required=True)
    parser.add_argument("--mmproj", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("-np", dest="parallel", type=int, default=1)
    parser.add_argument("-c", dest="ctx_size", type=int, default=8192)
    parser.add_argument("-t", dest="threads", type=int, default=2)
    parser.add_argument("--special", action="store_true")
    parser.add_argument("--cache-type", default="")
    return parser.parse_args()


if __name__ == "__main__":
    main()
