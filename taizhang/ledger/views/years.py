from django.http import HttpResponse
def item_raise(request, **k): return HttpResponse('')
def year_open(request, **k): return HttpResponse('')
