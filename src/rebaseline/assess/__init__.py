"""From attempts and compiled checks to readings, and from readings to evidence. Pure."""
