#!/usr/bin/env python3
"""Cuts CoNSeP's tiles into training patches with NumPy, the peer of `hovernet prepare`: the same files, byte for byte.

Written from the description of the preparation: class merge, whole tiles, 540 x 540 patches every 164 pixels over the
mirrored tile. Needs NumPy, SciPy and Pillow. Prints one JSON document: {seconds, cpu_seconds, patches}.

    python3 tools/peers/time_numpy_prepare.py CONSEP_FOLDER OUTPUT_FOLDER
"""
import json
import pathlib
import sys
import time

import numpy as np
from PIL import Image
from scipy.io import loadmat

PATCH, STEP = 540, 164
MERGED = np.array([0, 1, 2, 3, 3, 4, 4, 4], np.int32)


def starts(length):
    """Regular positions along an axis, and the last one where they do not reach the end."""
    regular = list(range(0, length - PATCH + 1, STEP))
    last = length - PATCH if (length - PATCH) % STEP else None
    return regular, last


def origins(height, width):
    rows, last_row = starts(height)
    columns, last_column = starts(width)
    yield from ((y, x) for y in rows for x in columns)
    if last_row is not None:
        yield from ((last_row, x) for x in columns)
    if last_column is not None:
        yield from ((y, last_column) for y in rows)
    if last_row is not None and last_column is not None:
        yield last_row, last_column


def prepare(root, out, phase):
    folder = out / phase
    folder.mkdir(parents=True)
    patches = 0
    for label_path in sorted((root / phase / "Labels").glob("*.mat")):
        name = label_path.stem
        image = np.array(Image.open(root / phase / "Images" / f"{name}.png").convert("RGB"))
        labels = loadmat(label_path)
        annotation = np.dstack([labels["inst_map"].astype(np.int32), MERGED[labels["type_map"].astype(np.int32)]])
        np.save(folder / f"label_{name}.npy", annotation)
        np.save(folder / f"image_{name}.npy", image)
        field = np.concatenate([image.astype(np.int32), annotation], axis=-1)
        before = (PATCH - STEP) // 2
        after = PATCH - STEP - before
        field = np.pad(field, ((before, after), (before, after), (0, 0)), "reflect")
        for index, (y, x) in enumerate(origins(*field.shape[:2])):
            patch = field[y : y + PATCH, x : x + PATCH]
            stem = folder / f"{name}_{index:03d}"
            np.save(f"{stem}_image.npy", np.ascontiguousarray(patch[..., :3]))
            np.save(f"{stem}_inst_map.npy", np.ascontiguousarray(patch[..., 3:4]))
            np.save(f"{stem}_type_map.npy", np.ascontiguousarray(patch[..., 4:5]))
            patches += 1
    return patches


if __name__ == "__main__":
    source, target = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    started, cpu = time.perf_counter(), time.process_time()
    counts = {phase: prepare(source, target, phase) for phase in ("Train", "Test")}
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu
    print(json.dumps({"seconds": round(seconds, 1), "cpu_seconds": round(cpu_seconds, 1), "patches": counts}))
