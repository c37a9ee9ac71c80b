"""Processes of papertray's own: how one is started, asked and ended."""
