"""A page image in, Markdown out. Never hears of folders, jobs, settings files or HTTP.

Reading needs no network, so the libraries below are told so before any of them is imported; only the download
that a person asked for lifts it, in a process of its own (`engine.models.download`).
"""

import os

os.environ.update(
    HF_HUB_OFFLINE="1",
    TRANSFORMERS_OFFLINE="1",
    HF_HUB_DISABLE_TELEMETRY="1",
    HF_HUB_DISABLE_UPDATE_CHECK="1",
    HF_HUB_DISABLE_IMPLICIT_TOKEN="1",
    ORT_DISABLE_TELEMETRY="1",  # onnxruntime asks once, as it is imported: its own switch comes too late
    DO_NOT_TRACK="1",
)
