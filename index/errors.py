"""The root of every error that this package raises on purpose."""


class IndexingError(Exception):
    """Something about finding passages cannot go on; the message says what and, where known, what mends it."""
