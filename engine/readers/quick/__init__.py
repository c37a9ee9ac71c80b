"""The quick reader, which comes with papertray and needs no download."""
