"""The worker's shared things."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.faults.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Hold what the rows of this worker share."""
    place = Place(tmp_path_factory.mktemp("faults"))
    yield place
    place.close()
