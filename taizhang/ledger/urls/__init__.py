"""Every address of the ledger."""

from . import items, lists, load, takeovers, units

urlpatterns = [
    *lists.urlpatterns,
    *items.urlpatterns,
    *load.urlpatterns,
    *takeovers.urlpatterns,
    *units.urlpatterns,
]
