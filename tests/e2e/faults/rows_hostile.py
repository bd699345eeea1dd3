"""What answers is no tunnel server, or wishes us ill: a clear problem each time, and the token to nobody else."""

from __future__ import annotations

import base64
import gzip
import json
from typing import TYPE_CHECKING

from tests.e2e.faults import certificates, hostile
from tests.e2e.faults.hostile import Hostile, answer, grant
from tests.e2e.faults.row import Row, ended, expose, nothing, problem, steps

if TYPE_CHECKING:
    from tests.e2e.faults.hostile import Behaviour
    from tests.e2e.faults.row import Step
    from tests.e2e.faults.world import World

PAGE = "<!doctype html><title>Welcome to the hotel</title><script>alert(1)</script>"
CHANGES: dict[str, dict[str, object]] = {
    "a number for an id": {"tunnelId": 5},
    "an id that leads elsewhere": {"tunnelId": "../../v1/auth"},
    "a list for a host name": {"hostname": ["my-app.example.com"]},
    "no token": {"cloudflaredToken": None},
    "a token on two lines": {"cloudflaredToken": "one\ntwo"},
    "words for an interval": {"heartbeatIntervalSec": "soon"},
    "an endless interval": {"heartbeatIntervalSec": float("inf")},
    "spaces in the host name": {"hostname": "my app.example.com"},
    "markup in the host name": {"hostname": "<img src=x onerror=alert(1)>.example.com"},
    "a script for a host name": {"hostname": "javascript:alert(1)"},
    "a path behind the host name": {"hostname": "my-app.example.com/evil"},
    "a user before the host name": {"hostname": "my-app.example.com@evil.example"},
    "letters that look alike in the host name": {"hostname": "my-\u0430pp.example.com"},
}
"""What makes a create answer none."""

NOT_ONE = problem("NOT_A_TUNNEL_SERVER", 6)
BROKEN = problem("SERVER_CONNECTION_BROKEN", 6)


def served(world: World, behave: Behaviour | bytes, **options: object) -> Hostile:
    """Put a hostile server in the place of the real one."""
    world.hostile = Hostile(behave, **options)  # type: ignore[arg-type]
    world.stack.callback(world.hostile.close)
    world.api = world.hostile.url
    return world.hostile


def answering(behave: Behaviour | bytes) -> Step:
    return steps(lambda world: served(world, behave), expose)


def examined(behave: Behaviour | bytes) -> Step:
    """Have the doctor look at it, who does not wait as long as `expose`."""
    return steps(lambda world: served(world, behave), lambda world: world.start("doctor", "--json"))


def timed_out(world: World) -> None:
    assert world.face.events("check", code="SERVER_TIMED_OUT"), world.told()


def redirecting(status: str) -> Step:
    def serve(world: World) -> None:
        world.elsewhere = Hostile(grant())
        world.stack.callback(world.elsewhere.close)
        served(world, answer("", status, Location=f"{world.elsewhere.url}/v1/tunnels"))
        world.expose()

    return serve


def nothing_heard_elsewhere(world: World) -> None:
    assert world.elsewhere is not None
    assert world.elsewhere.heard == b""
    assert world.hostile is not None
    assert world.token.encode() in world.hostile.heard


def hung_up_on(world: World) -> None:
    """The rest of its answer was not waited for."""
    assert world.hostile is not None
    assert world.hostile.finished == 0


def secured_by(fault: str) -> Step:
    """Serve with a certificate that does not hold, though its issuer is known to the system."""

    def serve(world: World) -> None:
        file = world.folder / "server.pem"
        tls = certificates.context(file, fault)
        if fault != "self-signed":
            world.environ["SSL_CERT_FILE"] = str(file)
        served(world, grant(), tls=tls)
        world.expose()

    return serve


def nothing_sent(world: World) -> None:
    assert world.hostile is not None
    assert world.hostile.heard == b""


def plain_behind_https(world: World) -> None:
    served(world, answer("", "400 Bad Request"), impatient=True)
    world.api = world.api.replace("http://", "https://")
    world.expose()


def echoing_the_token(world: World) -> None:
    said = f"\x1b[2J\x1b]0;owned\x07<b>no</b>\u202e {world.token} Bearer {world.token}"
    served(world, answer(json.dumps({"code": "FORBIDDEN", "message": said, "details": {said: said}}), "403 No"))
    world.expose()


def naming_an_edge_elsewhere(world: World) -> None:
    token = {
        "a": "0" * 32,
        "t": "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
        "s": "czNjcmV0LXMzY3JldA==",
        "e": "192.0.2.1:1",
    }
    served(world, grant(cloudflaredToken=base64.b64encode(json.dumps(token).encode()).decode()))
    world.expose()


def no_connector_ever(world: World) -> None:
    assert not world.processes.connectors_seen


ROWS = [
    Row("a web page", answering(answer(PAGE, kind="text/html")), NOT_ONE, 8, nothing),
    Row("a web page that says it is JSON", answering(answer(PAGE)), NOT_ONE, 8, nothing),
    Row("a proxy's error page", answering(answer(PAGE, "502 Bad Gateway", "text/html")), NOT_ONE, 8, nothing),
    Row("another API", answering(answer('{"message": "Cannot POST"}', "404 Not Found")), NOT_ONE, 8, nothing),
    Row("another protocol", answering(b"SSH-2.0-OpenSSH_9.2p1\r\nProtocol mismatch.\r\n\r\n"), NOT_ONE, 8, nothing),
    Row("half an answer", answering(hostile.truncated()), BROKEN, 8, nothing),
    Row("no answer at all", answering(hostile.silent), BROKEN, 8, nothing),
    Row("300 MB", answering(hostile.huge), problem("NOT_A_TUNNEL_SERVER", 6, also=hung_up_on), 8, nothing),
    Row("a body without end", answering(hostile.endless_body), NOT_ONE, 8, nothing),
    Row("headers without end", answering(hostile.endless_headers), NOT_ONE, 8, nothing),
    Row("a byte every half second", examined(hostile.dripping), ended(6, also=timed_out), 16, nothing),
    Row("brackets without end", answering(answer("[" * 500_000)), NOT_ONE, 8, nothing),
    Row(
        "a packed answer",
        answering(answer(gzip.compress(b" " * 10_000_000), content_encoding="gzip")),
        NOT_ONE,
        8,
        nothing,
    ),
    *(
        Row(f"a create answer with {what}", answering(grant(**changes)), NOT_ONE, 8, nothing)
        for what, changes in CHANGES.items()
    ),
    *(
        Row(
            f"sends us on to another server with {status}",
            redirecting(status),
            problem("NOT_A_TUNNEL_SERVER", 6, also=nothing_heard_elsewhere),
            8,
            nothing,
        )
        for status in ("302 Found", "307 Temporary Redirect", "308 Permanent Redirect")
    ),
    *(
        Row(
            f"a certificate that is {fault}",
            secured_by(fault),
            problem("SERVER_CERTIFICATE_INVALID", 6, also=nothing_sent),
            8,
            nothing,
        )
        for fault in ("self-signed", "expired", "for another host")
    ),
    Row("no TLS where there should be", plain_behind_https, BROKEN, 8, nothing),
    Row("a refusal full of tricks that says the token", echoing_the_token, problem("FORBIDDEN", 3), 8, nothing),
    Row(
        "a token that names an edge elsewhere",
        naming_an_edge_elsewhere,
        problem("CONNECTOR_TOKEN_REFUSED", 5, also=no_connector_ever),
        8,
        nothing,
    ),
]
