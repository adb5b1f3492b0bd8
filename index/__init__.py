"""Finding passages: embedding, vector store, keyword search, fusion, and the building of the index."""
