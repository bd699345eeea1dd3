"""A mirror made by hand that serves releases well or badly, and something that passes for cloudflared."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import io
import tarfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from tunneldesk.connector.install import Installer
from tunneldesk.connector.release import Asset, Release
from tunneldesk.domain.errors import ConnectorDownloadError
from tunneldesk.network import open_transport
from tunneldesk.presentation.reasons import said

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    import httpx

    from tunneldesk.domain.errors import ErrorCode
    from tunneldesk.domain.model import Download

    Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]

VERSION = "2026.7.1"


def program(version: str = VERSION, *, padding: int = 600_000) -> bytes:
    """Return a script that answers as cloudflared does, about as heavy as several pieces of a download."""
    return f"#!/bin/sh\necho 'cloudflared version {version} (built then)'\nexit 0\n".encode() + b"#" * padding


def archive(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    """Return a .tgz with these members."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for member, content in members:
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def head(status: str, **headers: object) -> bytes:
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


@dataclass
class Mirror:
    """A listener on loopback that answers each path as it is told to.

    Attributes:
        answers: What to do for a path; anything else is 404.
        asked: Request lines and headers, as they came.
    """

    origin: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def serve(self, path: str, content: bytes) -> None:
        """Have the file there."""

        async def answer(writer: asyncio.StreamWriter) -> None:
            writer.write(head("200 OK", Content_Length=len(content)) + content)
            await writer.drain()

        self.answers[path] = answer

    def send_on(self, path: str, location: str, status: str = "302 Found") -> None:
        """Have whoever asks for ``path`` ask there."""

        async def answer(writer: asyncio.StreamWriter) -> None:
            writer.write(head(status, Location=location, Content_Length=0))
            await writer.drain()

        self.answers[path] = answer

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            request = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.asked.append(request)
            answer = self.answers.get(request.split()[1])
            if answer is None:
                writer.write(head("404 Not Found", Content_Length=0))
            else:
                await answer(writer)
            await writer.drain()
        writer.close()

    @property
    def paths(self) -> list[str]:
        return [request.split()[1] for request in self.asked]


@dataclass
class Case:
    """An installer over a mirror, with everything around it in the test's hands.

    Attributes:
        folder: Where it installs.
        path: What it asks the mirror for.
        told: The progress it has told so far.
        some_came: Set when the first bytes of the file have come.
    """

    mirror: Mirror
    folder: Path
    content: bytes = field(default_factory=program)
    version: str = VERSION
    machine: str = "linux-amd64"
    name: str = "cloudflared-linux-amd64"
    sha256: str | None = None
    transport: Callable[[str], httpx.AsyncBaseTransport] = open_transport
    told: list[Download] = field(default_factory=list)
    some_came: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def path(self) -> str:
        return f"/cloudflare/cloudflared/releases/download/{self.version}/{self.name}"

    @property
    def release(self) -> Release:
        digest = self.sha256 or hashlib.sha256(self.content).hexdigest()
        return Release(self.version, {self.machine: Asset(self.name, digest)})

    @property
    def installer(self) -> Installer:
        return Installer(
            self.folder,
            self.transport,
            mirror=self.mirror.origin,
            release=self.release,
            machine=self.machine,
        )

    async def install(self) -> Path:
        return await self.installer.install(self._note)

    def _note(self, progress: Download) -> None:
        self.told.append(progress)
        if progress.received:
            self.some_came.set()

    def serve(self) -> None:
        """Have the mirror serve what the lock names."""
        self.mirror.serve(self.path, self.content)

    def left(self) -> set[str]:
        """Return what is in the folder, the lock file aside."""
        return {path.name for path in self.folder.glob("*")} - {"install.lock"} if self.folder.is_dir() else set()


async def refused(case: Case) -> tuple[ErrorCode, str]:
    """Install, and return what it was refused for."""
    with pytest.raises(ConnectorDownloadError) as caught:
        await case.install()
    return caught.value.failure.code, said(caught.value.failure)


def writes(*parts: bytes, then: Callable[[asyncio.StreamWriter], Awaitable[object]] | None = None) -> Answer:
    """Return an answer made of these parts, and of what comes then."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
        await writer.drain()
        if then is not None:
            await then(writer)

    return answer


async def hang(_writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()
