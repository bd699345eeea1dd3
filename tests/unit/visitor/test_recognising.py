"""What is recognised in a page, and that no page makes the recognising fail or dawdle."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunneldesk.domain.health import AddressState
from tunneldesk.visitor.answer import Answer
from tunneldesk.visitor.edge_pages import edge_state
from tunneldesk.visitor.fetching import BODY_MAX
from tunneldesk.visitor.frameworks import FRAMEWORKS, behind, refusal

SNIPPETS = st.sampled_from(
    [
        "Blocked request. This host (",
        ") is not allowed.",
        "\n`server.allowedHosts`",
        "angular.json",
        "Invalid Host header",
        "<h1>Blocked hosts: ",
        "config.hosts &lt;&lt;",
        "You may need to add ",
        " to ALLOWED_HOSTS.",
        "error code: 1033",
        "Error</span><span>",
        "<title>",
        "| 502: Bad",
        '"/_next/static/',
        ".js",
    ]
)
TEXTS = st.lists(SNIPPETS | st.text(max_size=10)).map("".join)
HEADERS = st.dictionaries(
    st.sampled_from(["server", "cf-ray", "cf-mitigated", "x-tunneldesk-error"]),
    st.sampled_from(["cloudflare", "", "no-connector", "9a1b-FRA"]) | st.text(max_size=8),
)


@given(st.integers(100, 999), HEADERS, TEXTS)
def test_no_page_makes_it_fail(status: int, headers: dict[str, str], text: str) -> None:
    answer = Answer(status, headers, text)
    assert edge_state(answer) in {None, *AddressState}
    found = refusal(answer, "my-app.example.com")
    assert found is None or (found.remedy is None) == (found.framework is None) == (found.where is None)
    assert behind(answer) is None or "/_next/static/" in text


@pytest.mark.parametrize(
    "snippet",
    [
        "Blocked request. This host (",
        "Blocked request. This host (x) is not allowed.",
        "<h1>Blocked hosts: ",
        "You may need to add ",
        "<title>",
        "Error</span> <span",
        '"/_next/static/',
        "| 502: ",
        " ",
    ],
)
@pytest.mark.parametrize("status", [200, 400, 403, 530])
def test_a_page_that_begins_a_thousand_times_costs_no_more_than_another(snippet: str, status: int) -> None:
    answer = Answer(status, {"server": "cloudflare", "cf-ray": "x"}, (snippet * BODY_MAX)[:BODY_MAX])
    began = time.process_time()
    edge_state(answer)
    refusal(answer, "my-app.example.com")
    behind(answer)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("framework", FRAMEWORKS, ids=lambda framework: framework.name)
def test_every_line_names_the_host(framework: object) -> None:
    line = framework.line.format(host="my-app.example.com")  # type: ignore[attr-defined]
    assert line.count("my-app.example.com") == 1
    assert "{{" not in line


def test_a_page_that_only_quotes_a_refusal_is_none() -> None:
    quoting = "<p>Blocked request. This host (x) is not allowed. See `server.allowedHosts` in vite.config.js</p>"
    assert refusal(Answer(200, {}, quoting), "my-app.example.com") is None
    assert refusal(Answer(200, {}, "<p>Invalid Host header</p>"), "my-app.example.com") is None
    assert refusal(Answer(200, {}, "You may need to add 'x' to ALLOWED_HOSTS."), "my-app.example.com") is None


@pytest.mark.parametrize("fault", ["bad-request", "some-new-one"])
def test_any_other_page_of_the_paired_edge_is_the_edges(fault: str) -> None:
    assert edge_state(Answer(400, {"x-tunneldesk-error": fault}, "")) is AddressState.EDGE_REFUSED
