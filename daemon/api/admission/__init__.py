"""Who is let in: tokens, sessions, and the gate that every request passes first."""
