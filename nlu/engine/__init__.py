"""Rasa inside our process: one call a turn, no server, no history."""
