"""The shapes of requests and answers: what the OpenAPI description says, and how the domain's nouns are told.

The framework takes declared fields off their class, so that they may bear names which it uses itself (`label`,
`source`, `errors`); only type checkers mind.
"""
