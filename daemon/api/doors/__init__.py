"""Where connections come in: the ports and sockets that the API listens at, and how many it holds at each."""
