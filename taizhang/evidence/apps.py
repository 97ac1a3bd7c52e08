from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "taizhang.evidence"
    label = "evidence"
    verbose_name = "材料库"
