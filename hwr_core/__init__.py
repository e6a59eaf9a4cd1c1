"""Handwritten names, read: data, CRNN, CTC training, decoding, judging."""
