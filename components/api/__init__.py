"""The REST API: parse, call one service, answer."""
