"""Setting up, running and checking TunnelDesk from a clone; never part of the installed package."""
