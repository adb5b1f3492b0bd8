"""A taken address is said before anything is loaded."""

import socket

import pytest

from assistant.address import AddressUnavailable, check_address
from assistant.wording import explain


def test_a_free_address_passes() -> None:
    check_address("127.0.0.1", 0)


def test_a_taken_address_is_named_with_the_remedy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(AddressUnavailable) as caught:
            check_address("127.0.0.1", port)
    assert (caught.value.host, caught.value.port) == ("127.0.0.1", port)
    assert str(port) in explain(caught.value)
    assert "--port" in explain(caught.value)


def test_a_host_that_is_none_is_refused() -> None:
    with pytest.raises(AddressUnavailable):
        check_address("203.0.113.1", 0)
