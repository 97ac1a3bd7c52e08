from .entry import EntryForm
from .node import GroupForm, LeafForm, MoveForm, NewLeafForm, SplitForm
from .wizard import SaveForm, UploadForm
from .write import WriteForm

__all__ = [
    "EntryForm",
    "GroupForm",
    "LeafForm",
    "MoveForm",
    "NewLeafForm",
    "SaveForm",
    "SplitForm",
    "UploadForm",
    "WriteForm",
]
