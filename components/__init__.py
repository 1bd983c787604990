"""The domain: people, component descriptions, labels and the regulations they are judged against."""
