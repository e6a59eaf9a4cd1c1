"""Handwritten names, read: data, CRNN, CTC training, decoding, judging."""

from hwr_core.picture import PictureError
from hwr_core.recognizer import Alternative, Letter, Reading, Recognizer

__all__ = ["Alternative", "Letter", "PictureError", "Reading", "Recognizer"]
