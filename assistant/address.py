"""The address that the screen is served at: free, or a clear word before anything is loaded."""

import socket


class AddressUnavailable(Exception):
    """The server cannot listen at ``host`` and ``port``; ``reason`` is what the system says."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        self.host, self.port, self.reason = host, port, reason
        super().__init__(f"Cannot listen on {host}:{port} ({reason}). Stop what is there, or choose another --port.")


def check_address(host: str, port: int) -> None:
    """Raise AddressUnavailable unless a server could listen at an address now; port 0 means any free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does: a closed one lingers
        try:
            probe.bind((host, port))
        except OSError as error:
            raise AddressUnavailable(host, port, error.strerror or str(error)) from error
