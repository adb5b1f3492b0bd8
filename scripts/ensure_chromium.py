"""Makes sure that the browser tests find a Chromium: the system's if there is one, else by the platform's own means."""

import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.find_chromium import find_chromium


def main() -> None:
    """Install a Chromium unless one is there; exit with the reason when none can be had."""
    if find_chromium():
        return
    if shutil.which("apt-get"):
        root = [] if _is_root() else ["sudo"]
        if not root or shutil.which("sudo"):
            subprocess.run([*root, "apt-get", "update"], check=False)
            installed = subprocess.run([*root, "apt-get", "install", "-y", "chromium"], check=False)
            if installed.returncode == 0:
                return
    if subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False).returncode != 0:
        sys.exit("No Chromium could be installed. Install one by hand, then run `make test` again.")


def _is_root() -> bool:
    return subprocess.run(["id", "-u"], check=True, capture_output=True, text=True).stdout.strip() == "0"


if __name__ == "__main__":
    main()
