"""Memory that was freed goes back to the system, so that a server does not stay as large as its largest moment."""

import subprocess
import sys

import pytest

CODE = """
import sys
from pathlib import Path
from index.allocation import give_memory_back
if sys.argv[1] == "yes":
    give_memory_back()
import numpy as np
def resident():
    fields = Path("/proc/self/status").read_text().split("\\n")
    return next(int(line.split()[1]) for line in fields if line.startswith("VmRSS"))
for size in range(1, 32):  # megabytes; freed blocks teach glibc to keep ever larger ones
    block = np.ones(size << 17)
    del block
blocks = [np.ones(20 << 17) for _ in range(10)]
kept = blocks[1::2]
del blocks
print(resident())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc alone keeps it so")
def test_large_blocks_are_given_back_when_they_are_freed() -> None:
    def resident(asked: str) -> int:
        done = subprocess.run([sys.executable, "-c", CODE, asked], check=True, capture_output=True, text=True)
        return int(done.stdout)

    assert resident("yes") < resident("no")
