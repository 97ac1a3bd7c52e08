"""The append-only record. No foreign keys: it must outlive what it speaks of."""

from django.db import models


class Head(models.Model):
    """The end of one chain: the agency's id, or 0 for what belongs to no agency. The door locks it."""

    chain = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64)


class Entry(models.Model):
    """Who did what to what, when; written only by `actions.write`."""

    chain = models.BigIntegerField()
    seq = models.BigIntegerField()
    at = models.CharField(max_length=32)  # ISO with zone, as hashed: no driver may round it
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=60)
    acting_for = models.CharField(max_length=60, blank=True)
    action = models.CharField(max_length=60)
    label = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField(null=True)
    unit_path = models.CharField(max_length=255)
    changes = models.JSONField(default=list)
    state_hash = models.CharField(max_length=64, blank=True)
    key = models.CharField(max_length=64, blank=True)
    refused = models.TextField(blank=True)
    prev = models.CharField(max_length=64)
    sm3 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="entry_chain_seq")]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="entry_subject"),
            models.Index(fields=["actor_id", "id"], name="entry_actor"),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.chain}-{self.seq} {self.label}"
