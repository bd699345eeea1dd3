"""Development servers that want their public name allowed first: how each says so, and the line that allows it.

One row per server. The texts are those of the servers' own sources, named with each row; all but Angular's and
Rails' were also seen as they come over the wire (Vite 8.3, webpack-dev-server 5.2, Next.js 16.4, Django 5.2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tunneldesk.visitor.answer import Answer


@dataclass(frozen=True, slots=True)
class Refusal:
    """A host name that is not allowed.

    Attributes:
        framework: Which server refused it; None when it can't be told.
        remedy: The line that allows it; None with the framework.
        where: The file that line goes into; None with the framework.
    """

    framework: str | None = None
    remedy: str | None = None
    where: str | None = None


@dataclass(frozen=True, slots=True)
class Framework:
    """How a server refuses a name.

    Attributes:
        name: What it is called.
        status: With which HTTP status; None for any.
        pattern: What its page says.
        line: The line to add; ``{host}`` is the name.
        file: The file it goes into.
    """

    name: str
    status: int | None
    pattern: re.Pattern[str]
    line: str
    file: str


FRAMEWORKS: Final = (
    # angular/angular-cli, packages/angular/build/src/tools/vite/middlewares/host-check-middleware.ts
    Framework(
        "Angular",
        403,
        re.compile(
            r"Blocked request\. This host \([^()]{1,300}\) is not allowed\..{1,300}angular\.json", re.DOTALL
        ),
        '"allowedHosts": ["{host}"]',
        "angular.json",
    ),
    # vitejs/vite, packages/vite/src/node/server/middlewares/hostCheck.ts
    Framework(
        "Vite",
        403,
        re.compile(
            r"\ABlocked request\. This host \([^()]{1,300}\) is not allowed\.\n.{1,300}`preview\.allowedHosts`"
        ),
        'preview: {{ allowedHosts: ["{host}"] }}',
        "vite.config.js",
    ),
    Framework(
        "Vite",
        403,
        re.compile(
            r"\ABlocked request\. This host \([^()]{1,300}\) is not allowed\.\n.{1,300}`server\.allowedHosts`"
        ),
        'server: {{ allowedHosts: ["{host}"] }}',
        "vite.config.js",
    ),
    # webpack/webpack-dev-server, lib/Server.js; up to version 3 it said so with status 200
    Framework(
        "webpack",
        None,
        re.compile(r"\AInvalid Host header\s*\Z"),
        'devServer: {{ allowedHosts: ["{host}"] }}',
        "webpack.config.js",
    ),
    # vercel/next.js, packages/next/src/server/lib/router-utils/block-cross-site-dev.ts; see `behind`
    Framework(
        "Next.js",
        403,
        re.compile(r"\AUnauthorized\Z"),
        'allowedDevOrigins: ["{host}"]',
        "next.config.js",
    ),
    # django/django, django/http/request.py (DEBUG) and django/views/defaults.py. An empty list stands for localhost
    # as long as DEBUG is on, which the first name in it ends: hence the second.
    Framework(
        "Django",
        400,
        re.compile(
            r"You may need to add .{1,300} to ALLOWED_HOSTS\.|<title>DisallowedHost\s|<h1>Bad Request \(400\)</h1>"
        ),
        'ALLOWED_HOSTS += ["{host}", "localhost"]',
        "settings.py",
    ),
    # rails/rails, actionpack/lib/action_dispatch/middleware/templates/rescues/blocked_host.html.erb
    Framework(
        "Rails",
        403,
        re.compile(r"<h1>Blocked hosts?: .{1,900}config\.hosts &lt;&lt;", re.DOTALL),
        'config.hosts << "{host}"',
        "config/environments/development.rb",
    ),
)
"""The servers that are known, the more particular before the more general."""

_UNNAMED: Final = re.compile(r"\ABlocked request\. This host \([^()]{1,300}\) is not allowed\.")
"""What the check that Vite and others use (sapphi-red/host-validation-middleware) says where they give no words."""

_NEXT_SCRIPT: Final = re.compile(r"""["'](/_next/static/(?!(?:immutable/)?media/)[\w./%@~+-]+\.js)""")


def refusal(answer: Answer, host: str) -> Refusal | None:
    """Return how ``host`` (a name without port) was refused; None when it was not."""
    for framework in FRAMEWORKS:
        if framework.status in {None, answer.status} and framework.pattern.search(answer.text):
            return Refusal(framework.name, framework.line.format(host=host), framework.file)
    return Refusal() if _UNNAMED.search(answer.text) else None


def behind(answer: Answer) -> str | None:
    """Return the path of a script that belongs to a Next.js page; None for any other page.

    In development Next.js serves the page itself under whatever name, and refuses what makes it work: everything
    that carries an ``Origin`` that is not allowed. In a browser that is the socket that its scripts wait for: the
    page stands there, and nothing on it can be used (vercel/next.js, issue 96320).
    """
    script = _NEXT_SCRIPT.search(answer.text)
    return script[1] if script and answer.status < 400 else None
