"""Runs PyMatting, for tools/matting-reference to compare with.

Each line on standard input is a folder with picture.png and trimap.png. For
each, alpha.png (16 bits) and foreground.png are written there, and a line with
the milliseconds that the two took is printed. Alpha is closed-form matting with
PyMatting's defaults: epsilon 1e-7, incomplete Cholesky, a residual of 1e-7.
Importing and compiling are not counted: a small picture goes first.
"""

import os
import sys
import time

import numpy as np
from PIL import Image
from pymatting import estimate_alpha_cf, estimate_foreground_ml, load_image


def timed(f, *args):
    began = time.perf_counter()
    result = f(*args)
    return result, 1000 * (time.perf_counter() - began)


def warm_up():
    image = np.random.default_rng(1).random((64, 64, 3))
    trimap = np.repeat(np.linspace(-0.5, 1.5, 64).clip(0, 1)[None, :], 64, axis=0)
    estimate_foreground_ml(image, estimate_alpha_cf(image, trimap))


# PyMatting prints a warning when it has to weaken its preconditioner.
answers, sys.stdout = sys.stdout, sys.stderr
warm_up()
for line in sys.stdin:
    folder = line.rstrip("\n")
    image = load_image(os.path.join(folder, "picture.png"), "RGB")
    trimap = load_image(os.path.join(folder, "trimap.png"), "GRAY")
    alpha, alpha_ms = timed(estimate_alpha_cf, image, trimap)
    foreground, foreground_ms = timed(estimate_foreground_ml, image, alpha)
    Image.fromarray(np.round(65535 * alpha).astype(np.uint16)).save(os.path.join(folder, "alpha.png"))
    Image.fromarray(np.round(255 * foreground.clip(0, 1)).astype(np.uint8)).save(os.path.join(folder, "foreground.png"))
    print(alpha_ms, foreground_ms, file=answers, flush=True)
