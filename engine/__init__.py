"""A page image in, Markdown out. Never hears of folders, jobs, settings files or HTTP."""
