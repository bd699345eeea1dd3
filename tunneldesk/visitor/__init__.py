"""The public address as a visitor meets it: fetched when asked for, and told in the user's terms."""
