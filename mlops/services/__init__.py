"""What the model platform does, one verb family a module."""
