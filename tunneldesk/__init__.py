"""TunnelDesk: put a port of this machine on a public address from the tray, and keep it there."""

import sys

__version__ = "0.1.0"

# httpx has a command line of its own, which it imports with itself and does without where that fails. Ours has no
# use for it: 2 MB and a tenth of a second with what an install has of its parts, 8 MB where all of them are there.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type] # None is how an import is made to fail
