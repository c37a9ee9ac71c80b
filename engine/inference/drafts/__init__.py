"""What a model is likely to say next, and how much of that is worth asking it at once.

A draft changes no token: the model's own scores say which of it stands.
"""
