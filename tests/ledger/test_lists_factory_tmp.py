import time
from django.test import Client
from django.db import connection
from django.test.utils import CaptureQueriesContext
from .bench_list import bench, measure
from .factory import ledger
import cProfile, pstats, sys
def test_it(people, settings):
    settings.TODAY="2020-06-10"
    ledger(people)
    u=people.users["朱辉斌"]
    print(measure(u)); print(measure(u))
    c=Client(); c.force_login(u)
    r=c.get("/ledger/items/")
    open("/tmp/list.html","wb").write(r.content)
    p=cProfile.Profile(); p.enable(); 
    for _ in range(5): c.get("/ledger/items/")
    p.disable()
    pstats.Stats(p).sort_stats("cumtime").print_stats(60)
