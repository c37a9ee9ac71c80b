"""Tests of `daemon/search`."""
