"""A second reader's look at a page that a large model reads."""
