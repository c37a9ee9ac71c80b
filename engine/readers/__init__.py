"""Ways of reading a page: one file or folder each."""
