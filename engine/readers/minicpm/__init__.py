"""MiniCPM-OCR: a region or a page as a whole and in slices, read by a model that keeps a running state."""
