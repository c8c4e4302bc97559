"""What must be asked, what is stored, what it will cost, and what chance each bar has. No I/O."""
