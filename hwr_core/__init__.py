"""Handwritten names, read: data, CRNN, CTC training, decoding, judging."""

import os

# Before any import of ONNX Runtime, which else tells its maker of every model that is loaded, and
# keeps a number of this machine in the user's home (its Privacy.md, "Disabling Telemetry").
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

from hwr_core.decoding.fusion import DecodingSettings
from hwr_core.picture import PictureError
from hwr_core.recognizer import Alternative, Letter, Options, Reading, Recognizer

__all__ = [
    "Alternative",
    "DecodingSettings",
    "Letter",
    "Options",
    "PictureError",
    "Reading",
    "Recognizer",
]
