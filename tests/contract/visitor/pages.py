"""What development servers and edges really answer, as taken from the wire or from their sources.

Vite 8.3.8, webpack-dev-server 5.2.7, Next.js 16.4.6 and Django 5.2 were run and asked under a name they did not
know; Angular's and Rails' pages are those of their sources, Cloudflare's those that people quote in public reports.
"""

from __future__ import annotations

HOST = "my-app.tunnel.localhost"

REASONS = {200: "OK", 302: "Found", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 502: "Bad Gateway"}


def page(status: int, body: str, headers: str = "Content-Type: text/html\r\n") -> bytes:
    """Return an answer as it goes over the wire."""
    raw = body.encode()
    head = f"HTTP/1.1 {status} {REASONS.get(status, 'Other')}\r\n{headers}Content-Length: {len(raw)}\r\n"
    return f"{head}Connection: close\r\n\r\n".encode() + raw


VITE = page(
    403,
    f'Blocked request. This host ("{HOST}") is not allowed.\n'
    f'To allow this host, add "{HOST}" to `server.allowedHosts` in vite.config.js.',
    "Vary: Origin\r\nContent-Type: text/plain\r\n",
)
VITE_PREVIEW = page(
    403,
    f'Blocked request. This host ("{HOST}") is not allowed.\n'
    f'To allow this host, add "{HOST}" to `preview.allowedHosts` in vite.config.js.',
    "Vary: Origin\r\nContent-Type: text/plain\r\n",
)
SOMETHING_WITH_THE_SAME_CHECK = page(403, f'Blocked request. This host ("{HOST}") is not allowed.')
WEBPACK = page(403, "Invalid Host header", "X-Powered-By: Express\r\n")
WEBPACK_3 = page(200, "Invalid Host header", "X-Powered-By: Express\r\n")
ANGULAR = page(
    403,
    f"""<!doctype html>
<html>
  <head>
    <meta charset="utf-8" />
    <title>Blocked request</title>
  </head>
  <body>
    <main>
      <h1>Blocked request. This host ("{HOST}") is not allowed.</h1>
      <p>To allow this host, add it to <code>allowedHosts</code> under the <code>serve</code> target in """
    """<code>angular.json</code>.</p>
    </main>
  </body>
  </html>""",
)
DJANGO_DEBUG = page(
    400,
    f"""<!DOCTYPE html>
<html lang="en">
<head>
  <meta http-equiv="content-type" content="text/html; charset=utf-8">
  <meta name="robots" content="NONE,NOARCHIVE">
  <title>DisallowedHost
          at /</title>
</head>
<body>
<header id="summary">
  <h1>DisallowedHost
       at /</h1>
  <pre class="exception_value">Invalid HTTP_HOST header: &#x27;{HOST}&#x27;. You may need to add """
    f"""&#x27;{HOST}&#x27; to ALLOWED_HOSTS.</pre>
</body></html>""",
    "Server: WSGIServer/0.2 CPython/3.11.7\r\nContent-Type: text/html; charset=utf-8\r\n",
)
DJANGO = page(
    400,
    """
<!doctype html>
<html lang="en">
<head>
  <title>Bad Request (400)</title>
</head>
<body>
  <h1>Bad Request (400)</h1><p></p>
</body>
</html>
""",
    "Server: WSGIServer/0.2 CPython/3.11.7\r\nContent-Type: text/html; charset=utf-8\r\n",
)
RAILS = page(
    403,
    f"""<header>
  <h1>Blocked hosts: {HOST}</h1>
</header>
<main role="main" id="container">
  <h2>To allow requests to these hosts, make sure they are valid hostnames (containing only numbers, letters, """
    f"""dashes and dots), then add the following to your environment configuration:</h2>
  <pre>

    config.hosts &lt;&lt; &quot;{HOST}&quot;

  </pre>
</main>
""",
)
RAILS_6 = page(
    403,
    f"""<header>
  <h1>Blocked host: {HOST}</h1>
</header>
<div id="container">
  <h2>To allow requests to {HOST}, add the following to your environment configuration:</h2>
  <pre>config.hosts &lt;&lt; "{HOST}"</pre>
</div>
""",
)
NEXT_SCRIPT = "/_next/static/chunks/node_modules_next_dist_compiled_14ibvnakj0v0q._.js"
NEXT = page(
    200,
    '<!DOCTYPE html><html><head><link rel="preload" href="/_next/static/media/font.woff2" as="font"/>'
    f'<script src="{NEXT_SCRIPT}" async=""></script></head><body><button>0</button></body></html>',
    "X-Powered-By: Next.js\r\nContent-Type: text/html; charset=utf-8\r\n",
)
NEXT_REFUSES = page(403, "Unauthorized", "")
NEXT_ALLOWS = page(200, "(globalThis.TURBOPACK = [])", "Content-Type: application/javascript\r\n")

CLOUDFLARE = "Server: cloudflare\r\nCF-RAY: 9a1b2c3d4e5f6789-FRA\r\n"
HTML_OF_CLOUDFLARE = f"{CLOUDFLARE}Content-Type: text/html; charset=UTF-8\r\n"

CLOUDFLARE_1033_PLAIN = page(530, "error code: 1033", CLOUDFLARE)
CLOUDFLARE_1033 = page(
    530,
    "<!doctype html><html><head><title>Cloudflare Tunnel error | my-app.example.com | Cloudflare</title></head>"
    "<body><h1><span>Error</span>\n<span>1033</span></h1><h2>Cloudflare Tunnel error</h2></body></html>",
    HTML_OF_CLOUDFLARE,
)
CLOUDFLARE_ARGO = page(530, "<h1>Argo Tunnel error</h1>", HTML_OF_CLOUDFLARE)
CLOUDFLARE_1016 = page(530, "error code: 1016", CLOUDFLARE)
CLOUDFLARE_1000 = page(530, "error code: 1000", CLOUDFLARE)
CLOUDFLARE_502 = page(
    502,
    "<!DOCTYPE html>\n<head>\n\n<title>my-app.example.com | 502: Bad gateway</title></head><body></body></html>",
    HTML_OF_CLOUDFLARE,
)
CLOUDFLARE_502_PLAIN = page(502, "error code: 502", CLOUDFLARE)
CLOUDFLARE_521 = page(521, "error code: 521", CLOUDFLARE)
CLOUDFLARE_524 = page(524, "error code: 524", CLOUDFLARE)
CLOUDFLARE_504 = page(
    504, "<html><head><title>my-app.example.com | 504: Gateway time-out</title></head></html>", HTML_OF_CLOUDFLARE
)
CLOUDFLARE_BLOCKED = page(
    403,
    "<html><head><title>Attention Required! | Cloudflare</title></head>"
    '<body><div id="cf-error-details">Sorry, you have been blocked</div></body></html>',
    HTML_OF_CLOUDFLARE,
)
CLOUDFLARE_RATE = page(429, "error code: 1015", CLOUDFLARE)
CLOUDFLARE_CHALLENGE = page(
    403,
    "<html><head><title>Just a moment...</title></head></html>",
    f"{HTML_OF_CLOUDFLARE}cf-mitigated: challenge\r\n",
)
OWN_502_BEHIND_CLOUDFLARE = page(
    502, "<html><head><title>502 Bad Gateway</title></head><hr>nginx</html>", HTML_OF_CLOUDFLARE
)
OWN_404_BEHIND_CLOUDFLARE = page(404, "no such page", HTML_OF_CLOUDFLARE)
