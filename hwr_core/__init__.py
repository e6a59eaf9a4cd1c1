"""Handwritten names, read: data, CRNN, CTC training, decoding, judging."""

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
