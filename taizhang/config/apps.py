from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "taizhang.config"
    label = "config"
    verbose_name = "设置"
