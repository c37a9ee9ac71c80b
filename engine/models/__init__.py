"""Which models there are, and the files of the large ones: fetched, checked, taken in, removed.

Only from here does papertray meet the network, when somebody wants a model.
"""
