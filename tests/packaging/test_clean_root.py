"""Where a clean Debian is fetched from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.packaging.clean_root import server_of

if TYPE_CHECKING:
    from pathlib import Path


def test_a_server_is_taken_as_it_is_and_of_a_list_of_mirrors_the_first(tmp_path: Path) -> None:
    mirrors = tmp_path / "mirrors.txt"
    mirrors.write_text("# nearest first\nhttp://one.example/ubuntu/\tpriority:1\nhttps://two.example/ubuntu/\n")

    assert server_of("http://deb.debian.org/debian/") == "http://deb.debian.org/debian/"
    assert server_of(f"mirror+file:{mirrors}/") == "http://one.example/ubuntu/"
