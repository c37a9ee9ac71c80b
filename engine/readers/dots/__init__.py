"""dots.ocr, which answers with a page's layout."""
