"""Everything that makes a model: the reference data, the trainer, its evaluation and the export to a bundle."""
