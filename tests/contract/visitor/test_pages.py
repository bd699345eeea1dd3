"""Pages that are not the user's own, each told from all others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.contract.visitor import pages
from tests.contract.visitor.pages import HOST
from tunneldesk.domain.health import AddressState, Health

if TYPE_CHECKING:
    import asyncio

    from tests.contract.client.conftest import Behaviour, HandmadeServer, Workshop
    from tests.contract.visitor.conftest import Look


@pytest.mark.parametrize(
    ("page", "framework", "remedy", "where"),
    [
        (pages.VITE, "Vite", f'server: {{ allowedHosts: ["{HOST}"] }}', "vite.config.js"),
        (pages.VITE_PREVIEW, "Vite", f'preview: {{ allowedHosts: ["{HOST}"] }}', "vite.config.js"),
        (pages.ANGULAR, "Angular", f'"allowedHosts": ["{HOST}"]', "angular.json"),
        (pages.WEBPACK, "webpack", f'devServer: {{ allowedHosts: ["{HOST}"] }}', "webpack.config.js"),
        (pages.WEBPACK_3, "webpack", f'devServer: {{ allowedHosts: ["{HOST}"] }}', "webpack.config.js"),
        (pages.DJANGO_DEBUG, "Django", f'ALLOWED_HOSTS += ["{HOST}", "localhost"]', "settings.py"),
        (pages.DJANGO, "Django", f'ALLOWED_HOSTS += ["{HOST}", "localhost"]', "settings.py"),
        (pages.RAILS, "Rails", f'config.hosts << "{HOST}"', "config/environments/development.rb"),
        (pages.RAILS_6, "Rails", f'config.hosts << "{HOST}"', "config/environments/development.rb"),
        (pages.SOMETHING_WITH_THE_SAME_CHECK, None, None, None),
    ],
)
async def test_a_development_server_that_refuses_the_name_is_known_with_the_line_that_mends_it(
    workshop: Workshop, visit: Look, page: bytes, framework: str | None, remedy: str | None, where: str | None
) -> None:
    finding = await visit((await workshop.answer(page)).port)
    assert finding.state is AddressState.HOST_REFUSED
    assert (finding.framework, finding.remedy, finding.where) == (framework, remedy, where)
    assert finding.health is Health.DOWN


class NextServer:
    """Serves its page under any name, and its scripts to allowed origins only."""

    def __init__(self, *allowed: str) -> None:
        self.allowed = allowed

    def __call__(self, made: HandmadeServer) -> Behaviour:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head = (await made.request(reader)).lower()
            origin = head.partition("\r\norigin: ")[2].partition("\r\n")[0]
            if "get /_next" not in head:
                writer.write(pages.NEXT)
            elif origin and origin not in self.allowed:
                writer.write(pages.NEXT_REFUSES)
            else:
                writer.write(pages.NEXT_ALLOWS)
            await writer.drain()

        return answer


async def test_a_next_page_that_stands_there_and_does_nothing_is_known_by_its_scripts(
    workshop: Workshop, visit: Look
) -> None:
    server = await workshop.serve(NextServer())
    finding = await visit(server.port)
    assert (finding.state, finding.status, finding.framework) == (AddressState.HOST_REFUSED, 200, "Next.js")
    assert (finding.remedy, finding.where) == (f'allowedDevOrigins: ["{HOST}"]', "next.config.js")
    assert server.requests[1].startswith(f"GET {pages.NEXT_SCRIPT} HTTP/1.1\r\n")


async def test_a_next_page_whose_scripts_are_allowed_is_well(workshop: Workshop, visit: Look) -> None:
    behave = NextServer()
    server = await workshop.serve(behave)
    behave.allowed = (f"http://{HOST}:{server.port}",)
    assert (await visit(server.port)).state is AddressState.OK


async def test_a_next_page_whose_scripts_do_not_answer_is_not_blamed(workshop: Workshop, visit: Look) -> None:
    def behave(made: HandmadeServer) -> Behaviour:
        async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if "GET /_next" not in await made.request(reader):
                writer.write(pages.NEXT)
                await writer.drain()

        return once

    assert (await visit((await workshop.serve(behave)).port)).state is AddressState.OK


@pytest.mark.parametrize(
    ("page", "state"),
    [
        (pages.CLOUDFLARE_1033_PLAIN, AddressState.NOT_CONNECTED),
        (pages.CLOUDFLARE_1033, AddressState.NOT_CONNECTED),
        (pages.CLOUDFLARE_ARGO, AddressState.NOT_CONNECTED),
        (pages.CLOUDFLARE_1016, AddressState.NO_TUNNEL),
        (pages.CLOUDFLARE_1000, AddressState.EDGE_REFUSED),
        (pages.CLOUDFLARE_502, AddressState.SERVICE_UNREACHABLE),
        (pages.CLOUDFLARE_502_PLAIN, AddressState.SERVICE_UNREACHABLE),
        (pages.CLOUDFLARE_521, AddressState.SERVICE_UNREACHABLE),
        (pages.CLOUDFLARE_524, AddressState.SERVICE_TIMED_OUT),
        (pages.CLOUDFLARE_504, AddressState.SERVICE_TIMED_OUT),
        (pages.CLOUDFLARE_BLOCKED, AddressState.EDGE_REFUSED),
        (pages.CLOUDFLARE_RATE, AddressState.EDGE_REFUSED),
        (pages.CLOUDFLARE_CHALLENGE, AddressState.OK),
        (pages.OWN_502_BEHIND_CLOUDFLARE, AddressState.OK),
        (pages.OWN_404_BEHIND_CLOUDFLARE, AddressState.OK),
    ],
)
async def test_cloudflares_own_pages_are_told_from_those_of_the_service(
    workshop: Workshop, visit: Look, page: bytes, state: AddressState
) -> None:
    finding = await visit((await workshop.answer(page)).port)
    assert finding.state is state
    assert finding.status is not None


@pytest.mark.parametrize("status", [200, 302, 404, 401, 500, 503])
async def test_whatever_the_service_itself_answers_is_well(workshop: Workshop, visit: Look, status: int) -> None:
    server = await workshop.answer(pages.page(status, "hello", "Location: https://elsewhere.example/\r\n"))
    finding = await visit(server.port)
    assert (finding.state, finding.status, finding.health) == (AddressState.OK, status, Health.OK)
    assert server.connections == 1  # no redirect was followed


async def test_a_service_that_minds_the_name_is_found_out_by_asking_it_as_localhost(
    workshop: Workshop, visit: Look
) -> None:
    def behave(made: HandmadeServer) -> Behaviour:
        async def by_name(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            known = "\r\nhost: localhost:" in (await made.request(reader)).lower()
            writer.write(pages.page(200, "welcome") if known else pages.page(403, "who are you"))
            await writer.drain()

        return by_name

    port = (await workshop.serve(behave)).port
    finding = await visit(port, own_port=port)
    assert (finding.state, finding.status) == (AddressState.HOST_REFUSED, 403)
    assert (finding.framework, finding.remedy, finding.where) == (None, None, None)


async def test_a_service_that_refuses_everybody_is_simply_like_that(workshop: Workshop, visit: Look) -> None:
    port = (await workshop.answer(pages.page(403, "go away"))).port
    assert (await visit(port, own_port=port)).state is AddressState.OK
    assert (await visit(port)).state is AddressState.OK


async def test_the_question_is_a_browsers_and_gives_nothing_away(workshop: Workshop, visit: Look) -> None:
    server = await workshop.answer(pages.page(200, "hello", "Set-Cookie: a=b\r\n"))
    await visit(server.port)
    head = server.requests[0].lower()
    assert head.startswith("get / http/1.1\r\n")
    assert f"\r\nhost: {HOST}:{server.port}\r\n" in head
    assert "\r\naccept: text/html," in head
    assert "\r\nuser-agent: tunneldesk/" in head
    assert "\r\naccept-encoding: identity\r\n" in head
    assert "cookie" not in head
    assert "authorization" not in head
    assert "python" not in head
