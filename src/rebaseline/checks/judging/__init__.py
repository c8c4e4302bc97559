"""What a judge is asked, and what its answers say."""
