"""The notes of a release come from the changelog, and only a source that is ready has any."""

from __future__ import annotations

import pytest

from build_scripts.release_notes import NotReadyError, notes

CHANGELOG = """\
# Changelog

## [Unreleased]

- Not yet

## [1.2.0] - 2026-11-24

### Added

- Something

## [1.1.0] - 2026-10-01

- Older
"""


def test_they_are_the_versions_own_part_of_the_changelog() -> None:
    assert notes("v1.2.0", "1.2.0", CHANGELOG) == "### Added\n\n- Something\n"
    assert notes("v1.1.0", "1.1.0", CHANGELOG) == "- Older\n"


@pytest.mark.parametrize(
    ("tag", "version", "why"),
    [("v1.3.0", "1.2.0", "the source is version 1.2.0"), ("v1.3.0", "1.3.0", "nothing under")],
)
def test_a_tag_that_the_source_is_not_ready_for_is_refused(tag: str, version: str, why: str) -> None:
    with pytest.raises(NotReadyError, match=why):
        notes(tag, version, CHANGELOG)
