"""Answering with citations: from a question and a conversation to an Answer."""
