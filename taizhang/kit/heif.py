"""HEIC photographs, as telephones write them, for Pillow. Only a child that opens strangers' pictures loads the library
(libheif and libde265, both LGPL-3; it decodes and does nothing else)."""

from functools import cache


@cache
def teach() -> None:
    """From now on this process opens HEIC: the picture that the file is known by, already turned upright.

    What a telephone puts beside it (a small copy, depth, masks) is not looked at. The library keeps its own limits of
    parts and nesting; how large a picture may be is asked of its head, as of every other kind's.
    """
    import pi_heif  # noqa: PLC0415 -- slow import

    pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
