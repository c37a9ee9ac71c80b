"""How the command line, the tray and other programs reach a daemon, and start one."""
