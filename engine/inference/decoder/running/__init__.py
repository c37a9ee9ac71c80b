"""A language model that keeps a running state in place of most keys and values, by a loop of our own.

Three layers in four remember all that was read and said in numbers that do not become more (the gated delta
rule); the fourth looks back, as other models do. What was said cannot be taken back, so nothing is drafted.
"""
