"""AdditiveModel to numbers: the reference scorer, effects per feature, the domain check, batch scoring."""
