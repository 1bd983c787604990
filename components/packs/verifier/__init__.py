"""What checks an audit pack: it stands in each pack, beside verify.py, and needs Python 3.9 or newer alone."""
