"""Cuts down the data of ICU, the largest file of Qt on Linux, to what Qt's own classes can ask of it here.

Qt uses ICU for sorting (the file dialog does) and for turning text into capitals. The names of all languages,
currencies and time zones, the old character sets and the rules for writing Thai in Latin letters are never asked
for, and they are five sixths of it. Where a language's own table is missing, ICU falls back to the root table.

The format is that of `udata.h` and `ucmndata.h`: a header, a table of contents sorted by name, the items.
"""

from __future__ import annotations

import re
import struct
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAGIC = 0x27DA
_COMMON_DATA = b"CmnD"
_ALIGNED = 16
_LIBRARY = re.compile(r"libicudata\.so\.(\d+)$")
_DROPPED_FOLDERS = frozenset({"brkitr", "curr", "lang", "rbnf", "region", "translit", "unit", "zone"})
_ROOTS = frozenset({"icustd.res", "icuver.res", "pool.res", "res_index.res", "root.res"})


class NotIcuDataError(Exception):
    """The bytes are not what they were taken for."""


def is_kept(item: str) -> bool:
    """Return whether an item (``icudt73l/coll/de.res``) stays."""
    _version, *folders, name = item.split("/")
    if name.endswith(".cnv") or (folders and folders[0] in _DROPPED_FOLDERS):
        return False
    # Beyond the roots: the sorting rules of every language, and what is not per language (all longer names).
    return bool(folders) or name in _ROOTS or not re.fullmatch(r"[a-z]{2,3}(_\w+)?\.res", name)


def unpack(data: bytes) -> tuple[bytes, dict[str, bytes]]:
    """Return the header of ICU's common data, and its items by name.

    Raises:
        NotIcuDataError: It begins or continues otherwise than such data does.
    """
    header_size, magic = struct.unpack_from("<HH", data)
    if magic != _MAGIC or data[12:16] != _COMMON_DATA:
        raise NotIcuDataError("this is not ICU's common data")
    body = memoryview(data)[header_size:]
    (count,) = struct.unpack_from("<I", body)
    table = [struct.unpack_from("<II", body, 4 + 8 * index) for index in range(count)]
    ends = [start for _, start in table[1:]] + [len(body)]
    items = {}
    for (name_at, start), end in zip(table, ends, strict=True):
        name_end = data.index(b"\0", header_size + name_at)
        items[data[header_size + name_at : name_end].decode("ascii")] = bytes(body[start:end])
    return data[:header_size], items


def pack(header: bytes, items: Mapping[str, bytes]) -> bytes:
    """Return common data with these items: the reverse of `unpack`."""
    names = sorted(items)
    encoded = [name.encode("ascii") + b"\0" for name in names]
    name_at = 4 + 8 * len(names)
    data_at = _round_up(name_at + sum(map(len, encoded)))
    table, body = [struct.pack("<I", len(names))], []
    for name, text in zip(names, encoded, strict=True):
        table.append(struct.pack("<II", name_at, data_at))
        name_at += len(text)
        item = items[name].ljust(_round_up(len(items[name])), b"\0")
        data_at += len(item)
        body.append(item)
    head = b"".join(table) + b"".join(encoded)
    return header + head.ljust(_round_up(len(head)), b"\0") + b"".join(body)


def shrink(library: Path) -> None:
    """Replace a Linux `libicudata.so.N` by one with the kept items only, made with binutils.

    Raises:
        NotIcuDataError: The file has another name or other contents than expected.
        subprocess.CalledProcessError: binutils failed.
    """
    named = _LIBRARY.match(library.name)
    content = library.read_bytes()
    start = content.find(struct.pack("<H", _MAGIC) + b"\x14\0\0\0\0\0\x02\0" + _COMMON_DATA) - 2
    if named is None or start < 0:
        raise NotIcuDataError(f"{library.name} is not ICU's data library")
    header, items = unpack(content[start : start + _symbol_size(library)])
    smaller = pack(header, {name: item for name, item in items.items() if is_kept(name)})
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "icudata").write_bytes(smaller)
        symbol = f"icudt{named[1]}_dat"
        _run(work, "ld", "-r", "-b", "binary", "-o", "data.o", "icudata")
        _run(
            work,
            *("objcopy", "--rename-section", ".data=.rodata,alloc,load,readonly,data,contents"),
            *(
                "--set-section-alignment",
                f".rodata={_ALIGNED}",
                "--redefine-sym",
                f"_binary_icudata_start={symbol}",
            ),
            *("--strip-symbol", "_binary_icudata_end", "--strip-symbol", "_binary_icudata_size", "data.o"),
        )
        _run(work, "ld", "-shared", "-s", "-z", "noexecstack", "-soname", library.name, "-o", "library", "data.o")
        library.write_bytes((work / "library").read_bytes())


def _symbol_size(library: Path) -> int:
    said = _run(library.parent, "objdump", "-T", library.name)
    found = re.search(r"\s([0-9a-f]{16})\s+\S*\s*icudt\d+_dat$", said, re.MULTILINE)
    if found is None:
        raise NotIcuDataError(f"{library.name} has no table of ICU's data")
    return int(found[1], 16)


def _run(folder: Path, *command: str) -> str:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


def _round_up(size: int) -> int:
    return -(-size // _ALIGNED) * _ALIGNED
