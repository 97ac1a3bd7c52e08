"""Taizhang (台账): the ledger of a unit that creates and keeps the title of Civilised Unit.

SQLite 3.7.0 to 3.51.2 can lose committed data in WAL mode with two connections, and Debian 12's is one of
them. pysqlite3 brings its own, repaired copy; it takes the standard module's place here, before any import
of Django, so that manage.py, the console script, pytest and the worker all get it. Where there is no wheel
(arm64) the machine's own library stays: `kit.sqlite.safety` says what that means.
"""

import sys

try:
    import pysqlite3
    import pysqlite3.dbapi2
except ImportError:
    pass
else:
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

__version__ = "0.1.0"
