"""Measurements for a machine with a GPU: `python -m tests.gpu FILE`, from the repository's top."""

from papertray.engine.devices.environment import prepare_environment

prepare_environment()  # before the modules here import torch
