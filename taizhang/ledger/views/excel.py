from django.http import HttpResponse
def items_export(request, **k): return HttpResponse('')
def items_import(request, **k): return HttpResponse('')
