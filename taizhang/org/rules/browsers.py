"""What a browser says of itself, in words that an office knows; and where a machine stands."""

import ipaddress

#: the first that occurs wins: most browsers also claim to be those further down
BROWSERS = (
    ("MicroMessenger", "微信"), ("DingTalk", "钉钉"), ("wxwork", "企业微信"), ("360", "360 浏览器"), ("QIHU", "360 浏览器"),
    ("Qaxbrowser", "奇安信浏览器"), ("QQBrowser", "腾讯浏览器"), ("UBrowser", "统信浏览器"), ("UOSBrowser", "统信浏览器"),
    ("HuaweiBrowser", "华为浏览器"), ("MiuiBrowser", "小米浏览器"), ("UCBrowser", "优视浏览器"), ("Edg", "微软浏览器"), ("OPR", "欧朋浏览器"),
    ("Firefox", "火狐浏览器"), ("Chromium", "谷歌内核浏览器"), ("Chrome", "谷歌浏览器"), ("Safari", "苹果浏览器"),
)  # fmt: skip
SYSTEMS = (
    ("HarmonyOS", "鸿蒙设备"), ("OpenHarmony", "鸿蒙设备"), ("Android", "安卓手机"), ("iPhone", "苹果手机"), ("iPad", "苹果平板"),
    ("Windows", "微软系统电脑"), ("UOS", "统信系统电脑"), ("Kylin", "麒麟系统电脑"), ("Macintosh", "苹果电脑"),
    ("Linux", "国产或开源系统电脑"),
)  # fmt: skip


def browser_words(agent: str) -> str:
    """谷歌浏览器，微软系统电脑: from a User-Agent header of any content."""
    browser = next((words for mark, words in BROWSERS if mark in agent), "其他浏览器")
    system = next((words for mark, words in SYSTEMS if mark in agent), "其他设备")
    return f"{browser}，{system}"


def place_words(address: str) -> str:
    """本机, 内网 10.0.0.7, 外网 …: from the text of an address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "地址不明"
    if found.is_loopback:
        return "服务器本机"
    return f"{'内网' if found.is_private else '外网'} {address}"


def idle_words(seconds: int) -> str:
    """刚刚, 12 分钟前."""
    return "刚刚" if seconds < 60 else f"{seconds // 60} 分钟前"


def start_password_over(issued_days_ago: int, valid_days: int) -> bool:
    """Whether a start password that was given out so many days ago may no longer be used; the last day counts."""
    return issued_days_ago > valid_days
