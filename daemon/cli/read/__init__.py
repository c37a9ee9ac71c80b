"""What `papertray read` stands on: files read one after the other, and where the answers go."""
