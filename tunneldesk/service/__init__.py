"""What keeps tunnels alive: asyncio, the adapters, and one store of state."""
