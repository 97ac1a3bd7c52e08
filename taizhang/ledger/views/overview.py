from django.http import HttpResponse
def overview(request, **k): return HttpResponse('')
