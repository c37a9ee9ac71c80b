"""Folders in, notes out; owns the queue.

Models and devices have names here where a person chooses one: settings, command line, API. What they are and
what they can hold is asked of the engine; no tensor and no GPU is ever touched.
"""
