"""Rows to pages: the room that knows HTML and URLs, and neither files nor sockets."""
