"""Proof that the code of a sign-in is used by whoever began it (RFC 7636, S256)."""

from __future__ import annotations

import base64
import hashlib
import secrets

from tunneldesk.domain.secret import Secret

_BYTES = 48


def new_verifier() -> Secret:
    """Return a verifier: 64 characters that nobody can guess."""
    return Secret(secrets.token_urlsafe(_BYTES))


def challenge(verifier: Secret) -> str:
    """Return what the server is told of a verifier when the sign-in begins."""
    digest = hashlib.sha256(verifier.reveal().encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")
