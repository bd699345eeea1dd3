"""The pages a browser sees during a sign-in: plain HTML, no scripts, nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import html
from string import Template
from typing import TYPE_CHECKING, Final

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from tunneldesk.backend.errors import ApiError

_STYLE: Final = """
:root { color-scheme: light dark; --ground: #f6f7f9; --sheet: #fff; --ink: #1b1f24; --quiet: #57606a;
  --line: #8b949e; --accent: #1f5fbf; --on-accent: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #15181c; --sheet: #1e2227; --ink: #e8eaed; --quiet: #a3abb5;
    --line: #6b7480; --accent: #8ab4f8; --on-accent: #10141a; }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--ground);
  color: var(--ink); font: 1rem/1.6 system-ui, sans-serif; }
main { width: min(32rem, 100% - 2rem); margin: 1rem; padding: 2rem; background: var(--sheet);
  border: 1px solid var(--line); border-radius: .75rem; overflow-wrap: anywhere; }
h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; }
h2 { display: inline; font-size: 1rem; }
p { margin: 0 0 1rem; }
small, .hint { color: var(--quiet); font-size: .875rem; }
form { margin: 0; }
button, input { width: 100%; min-height: 2.75rem; padding: .5rem 1rem; border: 1px solid var(--line);
  border-radius: .5rem; background: var(--sheet); color: var(--ink); font: inherit; }
button { margin: 0 0 .75rem; cursor: pointer; }
button.primary { border-color: var(--accent); background: var(--accent); color: var(--on-accent);
  font-weight: 600; }
button:hover { text-decoration: underline; }
:focus-visible { outline: .1875rem solid var(--accent); outline-offset: .125rem; }
label { display: block; }
input { margin: 0 0 .75rem; }
details { margin: .5rem 0 1rem; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: .5rem; }
summary { cursor: pointer; }
details > :nth-child(2) { margin-top: 1rem; }
"""

_PAGE: Final = Template(f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>$title</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>$title</h1>
$content
</main>
</body>
</html>
""")

_STYLE_DIGEST: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode("ascii")

_HEADERS: Final = {
    "Cache-Control": "no-store",
    # Browsers hold the redirects that follow a form to form-action, too; the last of them may lead to the app.
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_DIGEST}'; base-uri 'none'; frame-ancestors 'none';"
        " form-action 'self' http://127.0.0.1:* http://localhost:*"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    # With no-referrer, browsers would send a form with the origin "null".
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

_DONE: Final = """<p>The sign-in is done. You can close this page and <strong>return to the app</strong>.</p>"""

_REFUSED: Final = Template("""<p>$message</p>
<p>You can close this page, return to the app and start again.</p>
<small>$code</small>""")


def page(title: str, content: str, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a page.

    Args:
        title: Plain text.
        content: HTML below the title, with everything in it escaped.
        status: HTTP status.
        headers: More headers.
    """
    body = _PAGE.substitute(title=html.escape(title), content=content)
    return Response(body, status, _HEADERS | dict(headers or {}), "text/html")


def wants_page(request: Request) -> bool:
    """Tell whether it is a browser that asks: everybody else gets errors as JSON."""
    return "text/html" in request.headers.get("accept", "").lower()


def done_page() -> Response:
    """Return the page that ends a sign-in well."""
    return page("You are signed in", _DONE)


def refused_page(error: ApiError) -> Response:
    """Return the page that tells an error, with its status."""
    content = _REFUSED.substitute(message=html.escape(error.message), code=html.escape(error.code))
    return page("You are not signed in", content, status=error.status, headers=error.headers)
