"""Why a model answers as it does: what each feature contributes to one answer, for any model that can be packaged."""
