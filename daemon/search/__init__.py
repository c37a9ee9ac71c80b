"""Words in, pages out: an index of everything that was read, which can be made anew at any time."""
