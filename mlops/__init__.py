"""The model: its versions, its runtime and what is known of its answers. Enter by `mlops.labeler`."""

import os

# Since its version 1.29 ONNX Runtime gives this machine an identifier and tells Microsoft over the network of each
# process and session. It reads this once, when it is loaded; its own disable_telemetry_events() comes too late.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
