"""How the REST API is put together, described, and entered: nothing here depends on the installation."""

FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "components.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["components.api.bodies.Unread"],
    "DEFAULT_PERMISSION_CLASSES": ["components.api.access.HoldsPermission"],
    "DEFAULT_THROTTLE_CLASSES": ["components.api.access.RequestsPerMinute"],
    "DEFAULT_METADATA_CLASS": "components.api.access.AllowedMethods",
    "EXCEPTION_HANDLER": "components.api.errors.handle",
    "URL_FORMAT_OVERRIDE": None,
}
SCHEMA = {
    "TITLE": "Trey Compliance",
    "VERSION": "1",
    "DESCRIPTION": "Labels free-text component descriptions compliant or non-compliant.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["components.api.access.HoldsPermission"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "PATH_CONVERTER_OVERRIDES": {"key": {"type": "integer", "minimum": 0, "maximum": 10**18 - 1}},
    "COMPONENT_SPLIT_PATCH": False,
    "SCHEMA_PATH_PREFIX": r"/api/v[0-9]+",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "components.api.schema.close_requests",
    ],
    "ENUM_NAME_OVERRIDES": {
        "LabelValue": "components.api.serializers.labels.LABEL_VALUES",
        "DecisionOutcome": "components.models.Decision.Outcome",
        "NewDecisionOutcome": "components.api.values.OUTCOMES",
        "ReplayOutcome": "components.api.serializers.decisions.REPLAY_OUTCOMES",
    },
}
TOKENS = {"TOKEN_TTL": None, "TOKEN_PREFIX": "trey_", "AUTH_HEADER_PREFIX": "Token"}
