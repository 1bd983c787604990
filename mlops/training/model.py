"""The classifier: an encoder of transformers' own classes, pooled by attention, one logit out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import torch
from torch import nn
from transformers import (
    AutoModel,
    BertConfig,
    BertModel,
    ModernBertConfig,
    ModernBertModel,
    PreTrainedModel,
    RoFormerConfig,
    RoFormerModel,
)

from mlops.training.config import Architecture
from mlops.training.errors import ConfigError

# Every layer sees the whole of a short text, and its rotary positions turn fast enough to tell neighbours apart.
_MODERN: Mapping[str, Any] = {
    "global_attn_every_n_layers": 1,
    "rope_parameters": {
        "full_attention": {"rope_type": "default", "rope_theta": 10_000.0},
        "sliding_attention": {"rope_type": "default", "rope_theta": 10_000.0},
    },
    "bos_token_id": 1,
    "cls_token_id": 1,
    "eos_token_id": 2,
    "sep_token_id": 2,
}


class Classifier(nn.Module):
    """Says of each text how non-compliant it is, and, while training, what facts it holds.

    `forward` takes ids and mask, both int64 [batch, tokens], and gives float32 logits [batch]: larger is more
    non-compliant. `facts` names auxiliary questions and the number of their answers; their heads share the pooled
    states with the label's head, which so learns to look at the right words, and are left out of the exported graph.
    """

    def __init__(self, encoder: PreTrainedModel, facts: Mapping[str, int]) -> None:
        super().__init__()
        self.encoder = encoder
        self.views = len(facts) + 1
        hidden = int(encoder.config.hidden_size)
        self.attend = nn.Linear(hidden, self.views)
        self.read = nn.Sequential(nn.Linear(hidden * self.views, 2 * hidden), nn.GELU(), nn.Linear(2 * hidden, 1))
        self.facts = nn.ModuleDict({name: nn.Linear(hidden, answers) for name, answers in facts.items()})

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        return self._label(self._pool(input_ids, attention_mask))

    def with_facts(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor
    ) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        """The label's logits [batch] and, by name, each fact's logits [batch, answers]."""
        pooled = self._pool(input_ids, attention_mask)
        facts = {name: head(pooled[:, index + 1]) for index, (name, head) in enumerate(self.facts.items())}
        return self._label(pooled), facts

    def _pool(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """One weighted mean of the token states for each question: [batch, views, hidden]."""
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        weights = self.attend(states) + (attention_mask.unsqueeze(-1).to(states.dtype) - 1.0) * 1e4
        return cast("torch.Tensor", torch.softmax(weights, dim=1).transpose(1, 2) @ states)

    def _label(self, pooled: torch.Tensor) -> torch.Tensor:
        return cast("torch.Tensor", self.read(pooled.flatten(1)).squeeze(-1))


def from_scratch(architecture: Architecture, *, vocabulary: int, max_tokens: int) -> PreTrainedModel:
    """An encoder with fresh weights. Raises ConfigError for a kind that is not known."""
    common: dict[str, Any] = {
        "vocab_size": vocabulary,
        "hidden_size": architecture.hidden,
        "num_hidden_layers": architecture.layers,
        "num_attention_heads": architecture.heads,
        "intermediate_size": architecture.intermediate,
        "max_position_embeddings": max_tokens,
        "pad_token_id": 0,
        # The plain attention trains twice as fast as the fused one in bfloat16 on a CPU.
        "attn_implementation": "eager",
    }
    dropout: dict[str, Any] = {
        "hidden_dropout_prob": architecture.dropout,
        "attention_probs_dropout_prob": architecture.dropout,
    }
    if architecture.kind == "modernbert":
        return ModernBertModel(ModernBertConfig(**common, **_MODERN, mlp_dropout=architecture.dropout))
    if architecture.kind == "roformer":
        size = architecture.hidden
        return RoFormerModel(RoFormerConfig(**common, **dropout, embedding_size=size, type_vocab_size=1))
    if architecture.kind == "bert":
        return BertModel(BertConfig(**common, **dropout, type_vocab_size=1), add_pooling_layer=False)
    raise ConfigError(f"architecture.kind must be modernbert, roformer or bert, not {architecture.kind!r}.")


def from_checkpoint(directory: Path) -> PreTrainedModel:
    """The encoder of a local transformers checkpoint; nothing is fetched. Raises ConfigError where it does not open."""
    try:
        encoder = AutoModel.from_pretrained(str(directory), local_files_only=True, attn_implementation="eager")
    except (OSError, ValueError) as error:
        raise ConfigError(f"The checkpoint {directory} cannot be opened: {error}") from error
    return cast("PreTrainedModel", encoder)
