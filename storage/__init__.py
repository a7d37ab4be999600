"""Adapters behind the desk: SQL, Redis, files, settings; and the one wiring file."""
