"""Where this TunnelDesk was published, and what has been published there since."""
