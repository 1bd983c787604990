from django.apps import AppConfig


class MlopsConfig(AppConfig):
    name = "mlops"
    verbose_name = "Model operations"

    def ready(self) -> None:
        from mlops import checks  # noqa: F401  (registers the system checks)
