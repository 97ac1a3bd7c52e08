from .node import GroupForm, LeafForm, MoveForm, NewLeafForm, SplitForm
from .wizard import SaveForm, UploadForm
from .write import WriteForm

__all__ = [
    "GroupForm",
    "LeafForm",
    "MoveForm",
    "NewLeafForm",
    "SaveForm",
    "SplitForm",
    "UploadForm",
    "WriteForm",
]
