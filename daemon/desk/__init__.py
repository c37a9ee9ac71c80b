"""All that works with one set of settings, put together and run; and what becomes of it when they change."""
