"""Processes, channels and libraries: what carries the conversation."""
