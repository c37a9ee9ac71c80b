"""A language model's layers run by a loop of our own, one step for all pages in hand.

`describe` makes the loop's values of a model that transformers has loaded; the library's own forward stays
what these numbers are held to.
"""
