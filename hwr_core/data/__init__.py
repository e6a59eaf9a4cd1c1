"""Data: sources, the packed store, batches, augmentation."""
