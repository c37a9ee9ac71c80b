"""The written layer of a page: the text that a PDF carries, whether it can be trusted, and its lines."""
