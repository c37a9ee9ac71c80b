"""Claims: of several papertrays that watch one folder, on whatever machines, one reads each document."""
