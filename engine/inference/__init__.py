"""What every large model needs to read a page: a checkpoint opened and loaded, the model asked, loops cut.

A model that runs out of memory is loaded again in a way that takes less.
"""
