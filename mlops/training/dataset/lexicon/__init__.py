"""Words by meaning: components, materials, conditions, dates and the things that stand around a component."""
