"""How the C library keeps memory that was given back: models work in large blocks that come and go.

By itself glibc keeps what was freed for later, for each of many threads apart: while a book of 1,000 pages was taken in
and questions were asked, a server grew to 2,270 MB instead of 1,481 (docs/benchmarks.md).
"""

import ctypes

# From malloc.h of glibc; see mallopt(3).
_MMAP_THRESHOLD, _ARENA_MAX = -3, -8
_LARGE = 16 << 20  # bytes; blocks from this size on go back to the system at once
_ARENAS = 2


def give_memory_back() -> None:
    """Have large blocks returned when they are freed; where the C library is another one, nothing happens."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError, TypeError):  # macOS, musl, Windows
        return
    mallopt(_ARENA_MAX, _ARENAS)
    mallopt(_MMAP_THRESHOLD, _LARGE)
