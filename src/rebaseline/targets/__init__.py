"""One adapter a provider, behind one seam: ask, and get an attempt."""
