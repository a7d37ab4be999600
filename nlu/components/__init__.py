"""Rasa graph components of our own: the classifier, the emergency rules, places and times."""
