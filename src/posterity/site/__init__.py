"""The static site: every page planned, rendered in parallel, published without a gap."""

from posterity.site.build import How, SiteReport, publish, told

__all__ = ["How", "SiteReport", "publish", "told"]
