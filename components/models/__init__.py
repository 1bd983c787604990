"""The domain's nouns."""

from components.models.components import Component, Description, Label
from components.models.decisions import Answer, Decision, ReasonCode
from components.models.regulations import Regulation
from components.models.reviews import Claim, Review, ReviewPolicy, Route, StopSwitch
from components.models.users import User

__all__ = (
    "Answer",
    "Claim",
    "Component",
    "Decision",
    "Description",
    "Label",
    "ReasonCode",
    "Regulation",
    "Review",
    "ReviewPolicy",
    "Route",
    "StopSwitch",
    "User",
)
