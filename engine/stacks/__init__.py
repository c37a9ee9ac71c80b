"""A scanner's pile: which sheets it has, which documents they are, and these as files of their own."""
