"""How long a warm server takes until it is ready, and how much memory it then holds.

    python -m benchmarks.server_start [--port 7899]

Starts `tanya run` as a user does, on the index that is there (make one first), and stops it again.
"""

import argparse
import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

READY_TIMEOUT = 120.0


def main() -> None:
    """Start, wait until ready, and print seconds and resident megabytes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=7899)
    port = parser.parse_args().port
    started = time.perf_counter()
    server = subprocess.Popen([str(Path(sys.executable).with_name("tanya")), "run", "--port", str(port)])
    try:
        answering = _wait(f"http://127.0.0.1:{port}/healthz") - started
        ready = _wait(f"http://127.0.0.1:{port}/readyz") - started
        print(
            json.dumps(
                {"port_open_s": round(answering, 1), "ready_s": round(ready, 1), "rss_mb": _resident(server.pid)}
            )
        )
    finally:
        server.terminate()
        server.wait()


def _wait(address: str) -> float:
    end = time.perf_counter() + READY_TIMEOUT
    while time.perf_counter() < end:
        try:
            with urllib.request.urlopen(address, timeout=5) as reply:
                if reply.status == 200:
                    return time.perf_counter()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    sys.exit(f"{address} did not answer within {READY_TIMEOUT:.0f} s")


def _resident(pid: int) -> int:
    """Return the resident memory of a process in megabytes (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) // 1024
    return 0


if __name__ == "__main__":
    main()
