"""Every address of the ledger."""

from . import items, lists

urlpatterns = [*lists.urlpatterns, *items.urlpatterns]
