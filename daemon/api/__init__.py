"""The local HTTP API: the only way in for the tray, the page and curl.

Imported by the daemon when it starts to serve, never by those who only ask. asyncio stays in this package.
"""
