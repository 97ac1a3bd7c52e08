from .node import GroupForm, LeafForm, NewLeafForm
from .wizard import SaveForm, UploadForm

__all__ = ["GroupForm", "LeafForm", "NewLeafForm", "SaveForm", "UploadForm"]
