"""The model: its versions, its runtime and what is known of its answers. Enter by `mlops.labeler`."""
