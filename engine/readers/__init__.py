"""Ways of reading a page, one file or folder each; what two small models share is in `templated`."""
