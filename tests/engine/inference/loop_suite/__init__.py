"""Answers of models to whole pages: real ones that repeat themselves, and loops. Made here, none kept."""
