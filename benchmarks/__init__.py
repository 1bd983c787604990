"""Speeds of the running product beside the bare session it stands on. Ratios within one run are what counts."""
