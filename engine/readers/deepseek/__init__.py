"""DeepSeek-OCR and DeepSeek-OCR 2, which share everything but their towers."""
