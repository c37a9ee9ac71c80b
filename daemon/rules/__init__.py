"""What a person wants done with documents once they are read: which rule fits, and its command or webhook."""
