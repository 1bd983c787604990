"""Where the company's models really live: a directory, Azure ML, MLflow, all behind one protocol."""
