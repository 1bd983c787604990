"""The operations of the API: parse, call one service, answer."""
