"""Running and exporting the network: ONNX Runtime serves, torch exports."""
