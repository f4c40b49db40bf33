"""What a form may bring along: in memory only, never in a file that lies readable on the disk."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler


class BoundedUploads(MemoryFileUploadHandler):
    """Keeps files in memory, and reads no form that says it is longer than it may be.

    That is LUMBUNG_MOST_UPLOAD bytes from who is logged in, and from strangers what a form without files may have,
    unless the page that they send it to takes files from them and says how many bytes (`request.most_upload`).
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803  (Django's name)
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        user = getattr(self.request, "user", None)
        is_known = user is not None and user.is_authenticated
        strangers = getattr(self.request, "most_upload", settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        most = settings.LUMBUNG_MOST_UPLOAD if is_known else strangers
        if content_length > most:
            raise RequestDataTooBig("A form is longer than it may be.")
        self.activated = True
