"""Who did what, when, from where: an append-only chain of events. The lowest app; it knows no other."""
