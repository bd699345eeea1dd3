"""The smoke test of a TunnelDesk that somebody can start: an installed one, a frozen folder, or the source tree.

    python3 -m build_scripts.packaging.smoke [--tray] [--around] [--version 1.2.3] [--home DIR] -- COMMAND ...

It starts, tells its version, lets the doctor look, exposes a port in demo mode and fetches the address, first in
the terminal and then (``--tray``, which needs a screen) in the tray, quits, and looks that no process is left.
``--around`` tries what freezing a program breaks first: how it gets on with the system around it.

Standard library only, so that it runs on a machine that has nothing of ours but the installed program.
"""
