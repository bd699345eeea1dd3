"""Python reads this at its start, in every program that a measure starts: they find what a user's installation has.

httpcore imports trio wherever there is one. The tests' browser driver brings it; no user of TunnelDesk has it.
"""

import sys

sys.modules["trio"] = None  # type: ignore[assignment] # what the import system takes for "not there"
