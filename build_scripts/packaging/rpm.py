"""The package for Fedora, openSUSE and their kin."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from build_scripts.packaging import elf, linux, targets

ROOT = Path(__file__).resolve().parents[2]

_SPEC = """\
%global debug_package %{{nil}}
%global __os_install_post %{{nil}}
%global _build_id_links none
%global _binary_payload w6.xzdio
# What it brings along is its own affair: nobody else is to be served by it, and it needs nobody for it.
%global __provides_exclude_from ^/usr/lib/tunneldesk/.*$
%global __requires_exclude ^({own})

Name: tunneldesk
Version: {version}
Release: 1
Summary: {summary}
License: MIT
{url}BuildArch: {architecture}
Recommends: (gnome-keyring or kwalletmanager or keepassxc)
Recommends: xdg-utils

%description
Pick a port and a name; TunnelDesk gets a public address for it, runs the
connector (cloudflared) and keeps the lease alive. A tray icon tells how each
tunnel is doing and which part is at fault when something is; the terminal
does the same job for scripts.

%install
cp -a {stage}/. %{{buildroot}}/

%files
{files}
"""


def is_possible() -> bool:
    """Return whether `rpmbuild` is here."""
    return shutil.which("rpmbuild") is not None


def build(frozen: Path, facts: linux.Facts, work: Path, out: Path) -> Path:
    """Build the package and return its file."""
    folder = work / "rpm"
    shutil.rmtree(folder, ignore_errors=True)
    stage = folder / "stage"
    linux.lay_out(frozen, stage / "usr", facts)
    licences = stage / "usr/share/licenses/tunneldesk"
    licences.mkdir(parents=True)
    shutil.copy(ROOT / "LICENSE", licences / "LICENSE")
    spec = folder / "tunneldesk.spec"
    spec.write_text(spec_file(stage, facts), encoding="utf-8")
    command = ["rpmbuild", "-bb", "--quiet", f"--define=_topdir {folder / 'top'}"]
    command += [f"--define=_rpmdir {out}", "--define=_rpmfilename %{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}.rpm"]
    subprocess.run([*command, str(spec)], check=True, stdout=subprocess.DEVNULL)
    return out / f"tunneldesk-{facts.version}-1.{facts.architecture}.rpm"


def spec_file(stage: Path, facts: linux.Facts) -> str:
    """Return the recipe: the staged files as they are."""
    files = [path for path in stage.rglob("*") if not path.is_dir() or path.is_symlink()]
    own = sorted({path.name.partition(".so")[0] for path in files if ".so" in path.name and _is_library(path)})
    listed = [f'"/{path.relative_to(stage).as_posix()}"' for path in sorted(files)]
    folders = [
        path for path in (stage / "usr/lib/tunneldesk").rglob("*") if path.is_dir() and not path.is_symlink()
    ]
    listed += [f'%dir "/{path.relative_to(stage).as_posix()}"' for path in [stage / "usr/lib/tunneldesk", *folders]]
    return _SPEC.format(
        own="|".join(name.replace("+", ".").replace(".", "\\\\.") + "\\\\.so" for name in own),
        version=facts.version,
        summary=targets.SUMMARY,
        url=f"URL: {facts.homepage}\n" if facts.homepage else "",
        architecture=facts.architecture,
        stage=stage,
        files="\n".join(listed),
    )


def _is_library(path: Path) -> bool:
    return path.name.startswith("lib") and (path.is_symlink() or elf.is_elf(path))
