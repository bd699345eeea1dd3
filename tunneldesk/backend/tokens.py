"""Secrets: how they are made, and what is kept of them."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets


def new_access_token() -> str:
    """Return a fresh access token."""
    return f"tda_{secrets.token_urlsafe(32)}"


def new_run_token() -> str:
    """Return a fresh run token, with which one tunnel's heartbeats are sent (dialect ``newer``)."""
    return f"tdr_{secrets.token_urlsafe(32)}"


def new_tunnel_secret() -> str:
    """Return a fresh tunnel secret: 32 random bytes, base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def fingerprint(secret: str) -> bytes:
    """Return what is stored of a secret.

    The secrets are long and random, so a plain SHA-256 can't be guessed back, and looking one up by its fingerprint
    gives nothing away through timing.
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def tunnel_token(*, account: str, tunnel_id: str, secret: str, edge: str) -> str:
    """Return what the connector is started with, in cloudflared's form plus the edge to dial.

    Args:
        account: Account tag, 32 hexadecimal digits.
        tunnel_id: UUID of the tunnel.
        secret: The tunnel's secret, base64.
        edge: ``host:port`` of the edge.
    """
    payload = {"a": account, "t": tunnel_id, "s": secret, "e": edge}
    return base64.b64encode(json.dumps(payload, separators=(",", ":")).encode()).decode("ascii")
