"""Folders in, notes out; owns the queue. Never names a model, a tensor or a GPU."""
