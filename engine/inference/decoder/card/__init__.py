"""Kernels of our own for cards, in Triton, where it is installed; else `graphs` records torch's calls."""
