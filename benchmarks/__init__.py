"""Scripts that print figures; each says in its docstring how it is run. No tests: nothing here is timed in CI."""
