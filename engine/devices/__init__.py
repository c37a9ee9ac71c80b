"""What this machine has to compute with, and which way of running a model fits it."""
