"""Which HTTP status tells of which refusal: the same to a page's form and to the API."""

from collections.abc import Mapping
from http import HTTPStatus

from components import exceptions as domain
from components.packs import exceptions as packs
from mlops import exceptions as model

_STATUSES: Mapping[type[Exception], HTTPStatus] = {
    domain.DomainError: HTTPStatus.CONFLICT,
    domain.NotYours: HTTPStatus.FORBIDDEN,
    domain.OwnComponent: HTTPStatus.FORBIDDEN,
    domain.UnderBlindReview: HTTPStatus.FORBIDDEN,
    domain.UnknownRecord: HTTPStatus.NOT_FOUND,
    domain.UnknownToken: HTTPStatus.NOT_FOUND,
    domain.SameLabel: HTTPStatus.UNPROCESSABLE_ENTITY,
    domain.MissingReason: HTTPStatus.UNPROCESSABLE_ENTITY,
    domain.ReasonCodeRetired: HTTPStatus.UNPROCESSABLE_ENTITY,
    packs.NothingToExport: HTTPStatus.UNPROCESSABLE_ENTITY,
    domain.LabellingStopped: HTTPStatus.SERVICE_UNAVAILABLE,
    domain.NoRegulationInForce: HTTPStatus.SERVICE_UNAVAILABLE,
    model.UnknownRecord: HTTPStatus.NOT_FOUND,
    model.NotArchived: HTTPStatus.CONFLICT,
    model.ModelError: HTTPStatus.SERVICE_UNAVAILABLE,
}


def status_of(refusal: type[Exception]) -> HTTPStatus:
    """The status of a class of the domain's or the model's refusals: of two in the table the nearer counts."""
    return next(_STATUSES[root] for root in refusal.__mro__ if root in _STATUSES)
