from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "taizhang.kit"
    label = "kit"
