"""The static site: every page planned, rendered in parallel, published without a gap."""

from posterity.site.build import SiteReport, publish, told

__all__ = ["SiteReport", "publish", "told"]
