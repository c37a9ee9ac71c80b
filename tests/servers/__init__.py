"""Pages read by servers that nobody here wrote; each test skips where its server is not installed."""
