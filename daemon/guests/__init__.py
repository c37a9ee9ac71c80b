"""Other machines whose pages are read here: which may come, and the certificate that they know us by."""
