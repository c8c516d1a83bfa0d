"""Versions of the libraries that the figures of a study depend on."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

PACKAGES = ("numpy", "pandas", "scikit-learn", "interpret-core", "xgboost", "xgboost-cpu", "shap", "msgspec")


def package_versions() -> dict[str, str]:
    """Name -> installed version, of those that are installed."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
