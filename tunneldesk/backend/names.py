"""Slugs, host names, and the ways a path may name a tunnel."""

from __future__ import annotations

import re
import secrets
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

SLUG: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?")
SLUG_RULE: Final = "1 to 32 lower-case letters, digits and hyphens, with no hyphen at either end"

RANDOM_SLUG_TRIES: Final = 10
_RANDOM_SLUG_LENGTH: Final = 8
_ALPHABET: Final = string.ascii_lowercase + string.digits

_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HOSTNAME: Final = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+\.?(:[0-9]{1,5})?")


def random_slugs() -> Iterator[str]:
    """Yield the few random slugs a create may try: 8 lower-case letters and digits each."""
    for _ in range(RANDOM_SLUG_TRIES):
        number = secrets.randbelow(len(_ALPHABET) ** _RANDOM_SLUG_LENGTH)  # at once: the system is asked each time
        letters = []
        for _ in range(_RANDOM_SLUG_LENGTH):
            number, letter = divmod(number, len(_ALPHABET))
            letters.append(_ALPHABET[letter])
        yield "".join(letters)


@dataclass(frozen=True, slots=True)
class Reference:
    """How a path named a tunnel: by its id, or by the slug of its host name.

    A host name of somebody else's domain has neither, and names nothing.
    """

    tunnel_id: str | None = None
    slug: str | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """The host names below one base domain.

    Attributes:
        base_domain: Lower case, without a port.
        port: Port of the edge, where a host name has to carry it to be reached from here.
    """

    base_domain: str
    port: int | None = None

    @classmethod
    def at_edge(cls, base_domain: str, port: int) -> Names:
        """Return the names served by an edge on ``port``.

        Names below ``localhost`` lead straight to the edge and so carry its port; any other domain is supposed to
        have something on the usual ports in front of it.
        """
        local = base_domain == "localhost" or base_domain.endswith(".localhost")
        return cls(base_domain, port if local and port != 80 else None)

    def hostname(self, slug: str) -> str:
        """Return the public host name of ``slug``."""
        host = f"{slug}.{self.base_domain}"
        return host if self.port is None else f"{host}:{self.port}"

    def slug(self, hostname: str) -> str | None:
        """Return the slug in a lower-case host name without a port, or None when it is not below our domain."""
        slug, _, domain = hostname.partition(".")
        return slug if domain == self.base_domain else None

    def reference(self, text: str) -> Reference | None:
        """Return what ``text`` names, or None when it is neither a tunnel id nor a host name."""
        text = text.lower()
        if _UUID.fullmatch(text):
            return Reference(tunnel_id=text)
        if _HOSTNAME.fullmatch(text):
            # The port is not compared: it may have been another one before a restart.
            return Reference(slug=self.slug(text.partition(":")[0].removesuffix(".")))
        return None
