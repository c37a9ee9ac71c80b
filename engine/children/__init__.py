"""Child processes of papertray's own: what starts one, how it is heard, how both sides end it."""
