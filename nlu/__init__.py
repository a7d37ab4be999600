"""Understanding and dialogue: everything only Rasa needs."""
