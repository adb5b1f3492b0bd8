"""What we know: documents, passages, sentences and references. No vectors, no models."""
