"""dots.ocr, which answers with a page's layout as JSON, or as plain text where it finds none."""
