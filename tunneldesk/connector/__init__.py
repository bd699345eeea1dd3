"""The connector: finding cloudflared or the stand-in for it, running it, and knowing when it truly serves."""
