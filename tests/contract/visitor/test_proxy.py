"""A visitor does not know this machine's proxy; it is asked only where the direct way leads nowhere."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.visitor import pages
from tests.contract.visitor.conftest import NOW
from tunneldesk import network
from tunneldesk.domain.health import AddressState
from tunneldesk.visitor import fetching
from tunneldesk.visitor.address import look
from tunneldesk.visitor.answer import NoAnswerError

if TYPE_CHECKING:
    import asyncio

    from tests.contract.client.conftest import Behaviour, HandmadeServer, Workshop
    from tests.contract.visitor.conftest import Look

PUBLIC = "my-app.example.invalid"


@pytest.fixture(autouse=True)
def _no_dns(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo

    def loopback_only(host: Any, *args: Any, **options: Any) -> Any:
        if host in {PUBLIC, PUBLIC.encode()}:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return real(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", loopback_only)


def use(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setattr(network, "getproxies", lambda: {"http": proxy, "https": proxy})


async def test_where_only_the_proxy_gets_out_it_is_the_proxy_that_looks(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = await workshop.answer(pages.page(200, "hello"))
    use(monkeypatch, f"127.0.0.1:{proxy.port}")
    finding = await look(f"http://{PUBLIC}", 3000, lambda: NOW)
    assert (finding.state, finding.status) == (AddressState.OK, 200)
    assert proxy.requests[0].startswith(f"GET http://{PUBLIC}/ ")


@pytest.mark.parametrize("scheme", ["http", "socks5", "nonsense"])
async def test_a_proxy_that_gets_nowhere_either_changes_nothing(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    proxy = await workshop.answer(pages.page(502, "no way"))
    use(monkeypatch, f"{scheme}://127.0.0.1:{proxy.port}")
    finding = await look(f"https://{PUBLIC}", 3000, lambda: NOW)
    assert finding.state is AddressState.NAME_UNKNOWN


async def test_what_is_on_this_machine_is_never_asked_for_through_a_proxy(
    workshop: Workshop, visit: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = await workshop.answer(pages.page(200, "hello"))
    use(monkeypatch, f"127.0.0.1:{proxy.port}")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert (await visit(closed.getsockname()[1])).state is AddressState.UNREACHABLE
    assert proxy.connections == 0


async def test_what_the_direct_way_says_of_the_certificate_is_the_last_word(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def behave(made: HandmadeServer) -> Behaviour:
        async def count(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
            assert made.connections

        return count

    proxy = await workshop.serve(behave)
    use(monkeypatch, f"127.0.0.1:{proxy.port}")

    async def refused(*_way: object, direct: bool) -> None:
        assert direct
        raise NoAnswerError(AddressState.CERTIFICATE_INVALID)

    monkeypatch.setattr(fetching, "_by", refused)
    finding = await look(f"https://{PUBLIC}", 3000, lambda: NOW)
    assert finding.state is AddressState.CERTIFICATE_INVALID
    assert proxy.connections == 0
