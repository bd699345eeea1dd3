"""What a browser shows that has come back to us."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tunneldesk.domain.sign_in import Landing
from tunneldesk.presentation.landing import landing_page
from tunneldesk.presentation.translation import install_translator

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def _shouting() -> Iterator[None]:
    install_translator(lambda _context, text: "xx" if text == "en" else f"<{text.upper()}>")
    yield
    install_translator(None)


@pytest.mark.parametrize(
    ("landing", "words"),
    [
        (Landing.SIGNED_IN, "You are signed in"),
        (Landing.REFUSED, "TunnelDesk says what happened"),
        (Landing.OUTDATED, "start again"),
        (Landing.NOTHING, "There is nothing here"),
    ],
)
def test_each_end_has_words_of_its_own(landing: Landing, words: str) -> None:
    page = landing_page(landing)
    assert words in page
    assert '<html lang="en">' in page
    assert len({landing_page(each) for each in Landing}) == len(Landing)


@pytest.mark.usefixtures("_shouting")
def test_it_speaks_the_language_of_the_app_and_says_which() -> None:
    page = landing_page(Landing.SIGNED_IN)
    assert '<html lang="xx">' in page
    assert "<h1>&lt;YOU ARE SIGNED IN&gt;</h1>" in page
