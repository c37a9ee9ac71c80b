"""Tesseract, where this system has it: what it knows, and one question at a time to a process of its own."""
