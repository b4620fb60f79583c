"""What the suites with real viewers and real browsers share."""
