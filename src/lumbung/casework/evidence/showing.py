"""How a page that was sent along is shown at every door: as a picture, and as nothing else."""

from django.http import HttpResponse

from lumbung.casework.evidence.models import EvidencePage


def picture(page: EvidencePage) -> HttpResponse:
    """The picture; never HTML, and with a policy that would let no script of it run."""
    return HttpResponse(
        page.image,
        content_type="image/jpeg",
        headers={
            "Content-Disposition": f'inline; filename="{page.case_id}-{page.position}.jpg"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
