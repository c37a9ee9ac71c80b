"""From lines of text with places to a page in reading order: geometry only, no model."""
