"""What this machine does beside us: it sleeps, changes networks, and runs other processes."""
