"""Drop a scan or PDF into a folder; a clean Markdown note appears beside it."""
