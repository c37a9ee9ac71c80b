"""Piles in watched folders: documents are made of them, which are files beside them."""
