"""Tell which words drove a label, to whom that may be told."""

from components.exceptions import NotYours, UnderBlindReview, UnknownRecord
from components.models import Component, Review, User
from components.permissions import VIEW_REVIEWS, sees_labels
from mlops import labeler
from mlops.contracts import Explanation


def explain_prediction(prediction_id: int, *, by: User) -> Explanation:
    """The words of a prediction's text, with what each did to the score.

    For all who see reviews; others see those of the components that they entered. Raises NotYours, UnderBlindReview
    for who must not see the component's label now, and the model's UnknownRecord, NotArchived and other ModelErrors.
    """
    component = Component.objects.predicted_by(prediction_id).first()
    if not by.has_perm(VIEW_REVIEWS) and (component is None or component.entered_by_id != by.pk):
        raise NotYours("This is no prediction of a component that you entered.")
    if component is not None:
        _refuse_while_hidden(component, by)
    return labeler.explain(prediction_id)


def explain_review(review: Review, *, by: User) -> Explanation:
    """The same of the prediction under review, for who may see the review.

    Raises UnderBlindReview, UnknownRecord where no model was asked about the text, and the model's NotArchived and
    other ModelErrors.
    """
    # First of all: who must not see the label need not know either whether there is one.
    _refuse_while_hidden(review.component, by)
    if review.prediction_id is None:
        raise UnknownRecord("No model was asked about this text.")
    return labeler.explain(review.prediction_id)


def _refuse_while_hidden(component: Component, by: User) -> None:
    if not sees_labels(by, component):
        raise UnderBlindReview("The component waits for a blind decision: its words are hidden until then.")
