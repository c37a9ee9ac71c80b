"""Outputs of documents that the journal knows: gathered for those who write them, named, put in place."""
