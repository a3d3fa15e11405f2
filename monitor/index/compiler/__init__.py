"""From what people ask to a plan that both engines run."""
