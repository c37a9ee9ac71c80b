"""What this machine has to compute with, how much memory it has, and which way of running a model fits."""
