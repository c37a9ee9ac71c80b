"""The icon: sees a Status, sends a command. A process of its own.

It asks the daemon over HTTP, and imports of it only the client for that and the values it gives, how one is
started, the home's places, settings, logs and errors, and the services of a login: pyproject.toml lists them.
Neither the journal nor anything that reads a page is reached, not even through these.
"""
