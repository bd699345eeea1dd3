"""A real browser, Chromium without a window, and the way in which a program has the desktop open one.

Nothing of a sign-in is played here: the program gives its address to `xdg-open` as on any desktop, and what is
clicked is clicked in Chromium.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
from contextlib import suppress
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Self

import psutil
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.proxy import Proxy, ProxyType
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.command import Command
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.support.wait import WebDriverWait

from tests.desktop import wait_for

if TYPE_CHECKING:
    from pathlib import Path

    from selenium.webdriver.remote.webelement import WebElement

NEEDED = ("chromium", "chromedriver")
MISSING = [tool for tool in NEEDED if shutil.which(tool) is None]

LIMIT = 20.0
"""Seconds within which a page is there."""

_OPENER = """#!/bin/sh
set -eu
part=$(mktemp '{folder}/part.XXXXXX')
printf '%s' "$1" > "$part"
mv "$part" '{folder}'/address."$(date +%s%N)".$$
"""

_SWITCHES = (
    "--headless=new",
    "--no-sandbox",  # root can't have one, nor can many containers; it is shown nothing but our own pages
    "--disable-dev-shm-usage",  # which is small in containers
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--no-proxy-server",
    "--password-store=basic",  # not the keyring that is being tested
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--window-size=1000,800",
)


class Opener:
    """Stands where a desktop's `xdg-open` is found, and keeps the addresses that programs want opened."""

    def __init__(self, folder: Path) -> None:
        self._asked_for = folder / "asked-for"
        self._asked_for.mkdir(parents=True)
        programs = folder / "programs"
        programs.mkdir()
        program = programs / "xdg-open"
        program.write_text(_OPENER.format(folder=self._asked_for), encoding="utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        self._programs = programs

    def beside(self, environ: dict[str, str]) -> dict[str, str]:
        """Return an environment in which programs find this opener before any other.

        Qt looks for it on the path; Python asks the desktop for its favourite browser, unless there is a `BROWSER`.
        """
        path = os.pathsep.join([str(self._programs), environ.get("PATH", os.defpath)])
        return {**environ, "PATH": path, "BROWSER": str(self._programs / "xdg-open")}

    def address(self, limit: float = LIMIT) -> str:
        """Wait until a program wants an address opened; return it."""
        first = wait_for("a browser to be opened", lambda: next(iter(sorted(self._waiting())), None), limit)
        address = first.read_text(encoding="utf-8")
        first.unlink()
        return address

    @property
    def idle(self) -> bool:
        """Whether no program has wanted anything opened since the last address was taken."""
        return not self._waiting()

    def _waiting(self) -> list[Path]:
        return list(self._asked_for.glob("address.*"))


class RealBrowser:
    """Chromium with a new profile; ends with the context."""

    def __init__(self, folder: Path) -> None:
        """Keep its profile and its log in this folder, which is made."""
        self._folder = folder

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True)
        # A home of its own, and no session bus: it is no part of the desktop under test.
        # Its socket lies in TMPDIR, and may have no name as long as those of tests' folders.
        self._short = TemporaryDirectory(prefix="td-")
        path = os.environ.get("PATH", os.defpath)
        environ = {"PATH": path, "HOME": str(self._folder), "TMPDIR": self._short.name}
        with (self._folder / "driver.log").open("wb") as log:
            argv = [str(shutil.which("chromedriver")), "--port=0"]
            self._service = subprocess.Popen(argv, env=environ, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{wait_for('chromedriver', self._port)}"
            # Not by way of a proxy, whatever the environment says of one.
            straight = Proxy({"proxyType": ProxyType.DIRECT})
            config = ClientConfig(address, proxy=straight, timeout=2 * int(LIMIT))
            self._driver = webdriver.Remote(RemoteConnection(client_config=config), options=self._options())
            self._driver.set_page_load_timeout(LIMIT)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._driver.quit()
        finally:
            self._end()

    def _options(self) -> webdriver.ChromeOptions:
        options = webdriver.ChromeOptions()
        options.binary_location = str(shutil.which("chromium"))
        for switch in (*_SWITCHES, f"--user-data-dir={self._folder / 'profile'}"):
            options.add_argument(switch)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        return options

    def _port(self) -> int | None:
        said = (self._folder / "driver.log").read_text()
        assert self._service.poll() is None, said
        found = re.search(r"started successfully on port (\d+)", said)
        return int(found[1]) if found else None

    def _end(self) -> None:
        """End the driver, and a Chromium that it has left behind."""
        left = psutil.Process(self._service.pid).children(recursive=True)
        self._service.terminate()
        try:
            self._service.wait(10)
        finally:
            for each in left:
                with suppress(psutil.NoSuchProcess):
                    each.kill()
            psutil.wait_procs(left, 10)
            self._short.cleanup()

    @property
    def url(self) -> str:
        """The address of the page that is shown."""
        return self._driver.current_url

    @property
    def title(self) -> str:
        """What stands on the page's tab."""
        return self._driver.title

    @property
    def text(self) -> str:
        """What can be read on the page."""
        return self._driver.find_element(By.TAG_NAME, "body").text

    def go(self, address: str) -> None:
        """Open an address; returns when it has been loaded."""
        self._driver.get(address)

    def choose(self, choice: str, **fields: str) -> None:
        """Press a button of the identity page, with these fields filled in; returns on the page it leads to."""
        button = self._driver.find_element(By.CSS_SELECTOR, f'button[value="{choice}"]')
        if not button.is_displayed():
            self._driver.find_element(By.TAG_NAME, "summary").click()
            self._wait(button)
        for name, value in fields.items():
            field = self._driver.find_element(By.NAME, name)
            field.clear()
            field.send_keys(value)
        before = self._driver.find_element(By.TAG_NAME, "html")
        button.click()
        WebDriverWait(self._driver, LIMIT, poll_frequency=0.05).until(
            lambda driver: driver.find_element(By.TAG_NAME, "html") != before
        )

    def complaints(self) -> list[str]:
        """Return what the browser has written into its console since it was last asked."""
        return [
            str(entry["message"]) for entry in self._driver.execute(Command.GET_LOG, {"type": "browser"})["value"]
        ]

    def picture(self, path: Path) -> None:
        """Save what the page looks like."""
        path.parent.mkdir(parents=True, exist_ok=True)
        assert self._driver.save_screenshot(str(path))

    def _wait(self, shown: WebElement) -> None:
        WebDriverWait(self._driver, LIMIT, poll_frequency=0.05).until(lambda _: shown.is_displayed())
