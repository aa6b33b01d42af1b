"""The web pages: rendered on the server, kept alive by a little script."""
