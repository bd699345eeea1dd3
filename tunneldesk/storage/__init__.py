"""What outlives a run: settings, the journal of what the user wants, and tokens in the system's keyring."""
