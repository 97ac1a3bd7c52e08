"""Which characters are as wide as they are high."""

import re

HAN = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f\u2018-\u201f\u2026\u2014\u2460-\u24ff\u00b7"
WIDE = re.compile(f"[{HAN}\U00020000-\U0003ffff]")
