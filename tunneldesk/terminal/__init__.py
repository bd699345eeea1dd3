"""The same job in the terminal, without Qt."""
