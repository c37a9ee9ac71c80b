"""Ways of reading a page: one file each."""
