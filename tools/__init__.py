"""What is done with the book besides building it: planting faults, and measuring."""
