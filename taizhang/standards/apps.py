from django.apps import AppConfig


class StandardsConfig(AppConfig):
    name = "taizhang.standards"
    label = "standards"
    verbose_name = "测评体系"
