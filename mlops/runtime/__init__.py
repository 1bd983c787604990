"""In-process ONNX serving: bundles are verified, loaded, warmed and swapped here. Knows no Django."""
