"""What schemathesis can't make up by itself: pictures that show a face.

Half of the files that it sends as binary are the portrait in PORTRAIT, so that an
upload is also taken; the others are its own garbage.
"""

import os
import pathlib

import schemathesis
from hypothesis import strategies as st

portrait = pathlib.Path(os.environ["PORTRAIT"]).read_bytes()
schemathesis.openapi.format("binary", st.one_of(st.just(portrait), st.binary()))
