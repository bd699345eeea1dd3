"""What counts as an e-mail address."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 254

# As browsers check <input type=email> (HTML, section 4.10.5.1.5): nothing that could end a header or a tag.
_EMAIL: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
    r"@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)


def valid_email(text: str) -> str | None:
    """Return an e-mail address in lower case, without white space around it; None when it is none."""
    email = text.strip().lower()
    return email if len(text) <= LONGEST and _EMAIL.fullmatch(email) else None


def domain_of(email: str) -> str:
    """Return what is behind the @ of an e-mail address."""
    return email.rpartition("@")[2]
