"""From state to what is shown: pure functions and frozen views, with no Qt, no loop and no I/O."""
