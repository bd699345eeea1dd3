"""Host names, slugs, and what a path may call a tunnel."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunneldesk.backend.names import SLUG, Names, Reference, random_slugs

HERE = Names("tunnel.localhost", 8788)


@pytest.mark.parametrize(
    ("base_domain", "port", "hostname"),
    [
        ("tunnel.localhost", 8788, "my-app.tunnel.localhost:8788"),
        ("localhost", 8788, "my-app.localhost:8788"),
        ("tunnel.localhost", 80, "my-app.tunnel.localhost"),
        ("example.com", 8788, "my-app.example.com"),
        ("notlocalhost", 8788, "my-app.notlocalhost"),
    ],
)
def test_a_host_name_carries_a_port_only_where_it_has_to(base_domain: str, port: int, hostname: str) -> None:
    assert Names.at_edge(base_domain, port).hostname("my-app") == hostname


@pytest.mark.parametrize(
    "text",
    [
        "my-app.tunnel.localhost",
        "my-app.tunnel.localhost:8788",
        "my-app.tunnel.localhost:1",
        "MY-APP.Tunnel.Localhost.",
    ],
)
def test_a_host_name_of_ours_means_its_slug(text: str) -> None:
    assert HERE.reference(text) == Reference(slug="my-app")


def test_a_uuid_is_an_id_in_either_case() -> None:
    tunnel_id = str(uuid.uuid4())
    assert HERE.reference(tunnel_id.upper()) == Reference(tunnel_id=tunnel_id)


def test_a_host_name_of_somebody_else_names_nothing_here() -> None:
    assert HERE.reference("my-app.example.com") == Reference()


@pytest.mark.parametrize(
    "text", ["", "my-app", "a b.c", "<b>.example.com", "a..b", "a.b:", "a.b:x", "a.b:123456", "é.com"]
)
def test_anything_else_is_neither(text: str) -> None:
    assert HERE.reference(text) is None


@given(st.text())
def test_no_text_upsets_it(text: str) -> None:
    HERE.reference(text)


def test_random_slugs_keep_the_rule() -> None:
    slugs = list(random_slugs())
    assert 2 <= len(slugs) == len(set(slugs))
    assert all(len(slug) == 8 and SLUG.fullmatch(slug) for slug in slugs)
