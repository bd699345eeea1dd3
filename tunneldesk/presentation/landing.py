"""The page that a browser shows which has come back to us from a sign-in."""

from __future__ import annotations

from html import escape

from tunneldesk.domain.sign_in import Landing
from tunneldesk.presentation.translation import translate

_PAGE = """\
<!doctype html><html lang="{language}"><meta charset="utf-8"><title>TunnelDesk</title>
<link rel="icon" href="data:,">
<body style="font-family: system-ui, sans-serif; margin: 4em auto; max-width: 30em">
<h1>{title}</h1><p>{text}</p>
"""


def landing_page(landing: Landing) -> str:
    """Return what is shown, as HTML."""
    title, text = _words(landing)
    # Told to whoever reads the page aloud: the code of the language that these texts are in.
    language = translate("Landing", "en")
    return _PAGE.format(language=language, title=escape(title), text=escape(text))


def _words(landing: Landing) -> tuple[str, str]:
    if landing is Landing.SIGNED_IN:
        return translate("Landing", "You are signed in"), translate(
            "Landing", "Close this page, and return to TunnelDesk."
        )
    if landing is Landing.REFUSED:
        return translate("Landing", "You are not signed in"), translate(
            "Landing", "Close this page; TunnelDesk says what happened."
        )
    if landing is Landing.OUTDATED:
        return translate("Landing", "That sign-in is no longer valid"), translate(
            "Landing", "Go back to TunnelDesk, and start again."
        )
    return translate("Landing", "There is nothing here"), translate("Landing", "Go back to TunnelDesk.")
