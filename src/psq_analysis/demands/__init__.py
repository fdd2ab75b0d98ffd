"""What people ask, what hurts and what they praise: demands, irritants and praise, with the ideas that carry them."""
