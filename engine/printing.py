"""Make names of files and texts of strangers fit to be shown: they move no cursor and hide nothing. Pure."""


def printable(text: str, keep: str = "") -> str:
    """The same text with control characters, direction marks and broken bytes as escapes, except `keep`."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in keep else repr(c)[1:-1] for c in text)


def replace_unprintable(text: str) -> str:
    """With a � for each of them: as long as before, for sentences and places where room is short."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
