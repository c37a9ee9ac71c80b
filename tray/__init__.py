"""The icon: sees a Status, sends a command. A process of its own."""
