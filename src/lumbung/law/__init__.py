"""The law: dated parameters with their sources, and pure functions over them."""

from lumbung.law.contributions import last_known_month
from lumbung.law.parameter import version

__all__ = ["last_known_month", "version"]
