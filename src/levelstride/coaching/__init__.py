"""Says what to do, when and how in one session."""
