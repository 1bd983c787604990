"""Against a real MLflow server, in an environment of its own: `make test-mlflow`."""
