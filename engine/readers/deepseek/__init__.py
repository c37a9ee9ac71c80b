"""DeepSeek-OCR and DeepSeek-OCR 2: two vision towers, and one way of asking and of reading the answer."""
