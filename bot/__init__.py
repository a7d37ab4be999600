"""Telegram front door: updates in, messages out."""
