"""What the icon shows of a status, and how that is drawn."""
