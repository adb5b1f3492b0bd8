"""Fetching one web address on request: addresses, connections, what came back."""
