"""The pages of a sign-in: for everybody, in the light and in the dark, and without a way in for code."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING

import pytest

from tests.contract.server.signing_in import ANN, App, Browser, Page

if TYPE_CHECKING:
    from tests.backend_process import Backend


@pytest.fixture(params=["identity", "identity stopped", "done", "refused"])
def page(request: pytest.FixtureRequest, server: Backend, browser: Browser) -> tuple[Page, dict[str, str]]:
    """Each of the pages, and its headers."""
    server.control("clock", {"jumpSec": 60})  # the next minute of starts
    answer = browser.open(App(server).authorize_url)
    if request.param == "identity stopped":
        answer = browser.send({"form": "guess"})
    elif request.param == "done":
        answer = browser.choose("allow")
    elif request.param == "refused":
        answer = browser.choose("deny")
    assert answer.text.startswith("<!doctype html>\n")
    return Page(answer.text), dict(answer.headers)


def test_it_runs_nothing_and_fetches_nothing(page: tuple[Page, dict[str, str]]) -> None:
    shown, headers = page
    used = {tag for tag, _ in shown.tags}
    assert not used & {"script", "link", "img", "iframe", "object", "embed", "base", "svg", "a"}
    attributes = {name for _, attributes in shown.tags for name in attributes}
    assert not [name for name in attributes if name.startswith("on") or name in ("style", "src")]
    assert "url(" not in shown.style
    assert "@import" not in shown.style
    digest = base64.b64encode(hashlib.sha256(shown.style.encode()).digest()).decode()
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "style-src": f"'sha256-{digest}'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "form-action": "'self' http://127.0.0.1:* http://localhost:*",
    }
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"


def test_a_screen_reader_finds_its_way(page: tuple[Page, dict[str, str]]) -> None:
    shown, _ = page
    assert shown.all("html") == [{"lang": "en"}]
    for once in ("title", "main", "h1"):
        assert len(shown.all(once)) == 1, once
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in shown.all("meta")
    labelled = {label["for"] for label in shown.all("label")}
    assert {field["id"] for field in shown.all("input") if field.get("type") != "hidden"} == labelled
    assert not [attributes for _, attributes in shown.tags if "tabindex" in attributes]


def test_the_identity_page_offers_every_outcome(server: Backend, browser: Browser) -> None:
    server.control("clock", {"jumpSec": 60})
    browser.open(App(server).authorize_url)
    buttons = [button["value"] for button in browser.page.all("button")]
    assert buttons == ["allow", "deny", "wrong-email", "wrong-workspace", "slow", "no-confirmation", "no-profile"]
    assert f"Continue as {ANN}" in browser.page.shown
    assert "Continue only if you have just started" in browser.page.shown


def test_enter_in_the_other_address_continues_as_that_one(server: Backend, browser: Browser) -> None:
    """Browsers press the first button of the form that the field is in."""
    server.control("clock", {"jumpSec": 60})
    browser.open(App(server).authorize_url)
    names = [(tag, attributes.get("name"), attributes.get("value")) for tag, attributes in browser.page.tags]
    field = next(index for index, (tag, name, _) in enumerate(names) if (tag, name) == ("input", "email"))
    form = max(index for index, (tag, *_) in enumerate(names[:field]) if tag == "form")
    assert next(value for tag, _, value in names[form:] if tag == "button") == "wrong-email"


@pytest.mark.parametrize("choice", ["", "allow\0", "other"])
def test_a_choice_there_is_not_ends_it(server: Backend, browser: Browser, choice: str) -> None:
    server.control("clock", {"jumpSec": 60})
    browser.open(App(server).authorize_url)
    assert browser.send({"form": browser.page.field("form"), "choice": choice}).status_code == 400


def test_no_body_upsets_it(server: Backend, browser: Browser) -> None:
    server.control("clock", {"jumpSec": 60})
    browser.open(App(server).authorize_url)
    for body in (b"", b"\xff", b"form=%ff%00", b"form=" + b"a" * 60_000, b"&".join([b"form=a"] * 1000)):
        answer = browser.http.post(f"{server.api_url}/identity", content=body)
        assert answer.status_code == 400
        assert Page(answer.text).all("h1")
    wrong = {"form": browser.page.field("form"), "choice": "wrong-email", "email": "<nobody>"}
    assert browser.send(wrong).status_code == 400
    assert browser.http.post(f"{server.api_url}/identity", content=b"a" * 70_000).status_code == 413


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_can_be_read(server: Backend, browser: Browser, theme: str) -> None:
    """WCAG 2.1: 4.5 to 1 for text, 3 to 1 for the borders of what can be pressed."""
    server.control("clock", {"jumpSec": 60})
    browser.open(App(server).authorize_url)
    light, dark = browser.page.style.split("@media (prefers-color-scheme: dark)")
    style = light if theme == "light" else dark.partition("* {")[0]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]+)", style))
    for ink, paper, least in (
        ("ink", "ground", 4.5),
        ("ink", "sheet", 4.5),
        ("quiet", "sheet", 4.5),
        ("on-accent", "accent", 4.5),
        ("line", "sheet", 3),
        ("accent", "sheet", 3),
    ):
        assert contrast(colours[ink], colours[paper]) >= least, (ink, paper)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.1)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    parts = [int(digits[index : index + 2], 16) / 255 for index in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
