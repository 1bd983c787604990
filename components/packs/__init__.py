"""Audit packs: what officers decided, as files that prove themselves. docs/audit-pack.md describes them."""
