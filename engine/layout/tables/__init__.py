"""Tables: where they are, by rules or by columns that line up, and what stands in which cell."""
