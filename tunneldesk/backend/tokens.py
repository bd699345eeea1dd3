"""Secrets: how they are made, and what is kept of them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from typing import Final

_REFRESH: Final = "tds_"


def new_access_token() -> str:
    """Return a fresh access token."""
    return f"tda_{secrets.token_urlsafe(32)}"


def new_run_token() -> str:
    """Return a fresh run token, with which one tunnel's heartbeats are sent (dialect ``newer``)."""
    return f"tdr_{secrets.token_urlsafe(32)}"


def new_state() -> str:
    """Return a fresh state, which stands for one sign-in from its start to its end."""
    return secrets.token_urlsafe(32)


def new_refresh_token() -> str:
    """Return a fresh refresh token, the first of its session."""
    return f"{_REFRESH}{secrets.token_urlsafe(32)}"


def new_salt() -> bytes:
    """Return a fresh salt for ``login_code`` or ``next_refresh_token``."""
    return secrets.token_bytes(32)


def login_code(state: str, salt: bytes) -> str:
    """Return the login code of a sign-in: always the same one, though only its fingerprint is kept.

    So an answer that never arrived can be given again. It takes both to make it: the state, which only the app and
    its browser have, and the salt, which only the server has.
    """
    return f"tdl_{_derive(state, salt)}"


def next_refresh_token(token: str, salt: bytes) -> str:
    """Return the successor of a refresh token: always the same one, though only its fingerprint is kept."""
    return f"{_REFRESH}{_derive(token, salt)}"


def _derive(secret: str, salt: bytes) -> str:
    digest = hmac.digest(secret.encode("utf-8", "surrogatepass"), salt, "sha256")
    return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")


def challenge(verifier: str) -> str:
    """Return the S256 code challenge of a code verifier (RFC 7636, section 4.2)."""
    digest = hashlib.sha256(verifier.encode("utf-8", "surrogatepass")).digest()
    return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")


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
