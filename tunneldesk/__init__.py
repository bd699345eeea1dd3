"""TunnelDesk: put a port of this machine on a public address from the tray, and keep it there."""

__version__ = "0.1.0"
