"""The inference thread, and the one reader that it holds."""
