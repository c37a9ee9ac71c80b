"""Which large models there are, and the files of those that are here: fetched, checked, removed."""
