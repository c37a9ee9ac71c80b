"""Give the daemon its readers: what the settings wish, said to the engine."""
