"""What somebody may like to eat."""
