"""The notes: what they are called, what they say, how they are put in place."""
