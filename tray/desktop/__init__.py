"""The icon on this desktop: what draws it, and pystray around it."""
