"""What every large model needs to read a page: a checkpoint loaded, tokens decoded, loops noticed."""
