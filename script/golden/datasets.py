#!/usr/bin/env python3
"""Writes Tests/Golden/Datasets: small archives in the form of OpenMIC-2018's, by NumPy 2.

openmic-2018.npz   X int64 [6, 10, 128], Y_true, Y_mask [6, 20], sample_key pickled strings
train_val.split    places among the four training clips, an archive without the usual suffix
openl3.npz         as the openl3 program writes it, but [2, 3]
"""
import pathlib
import numpy as np

folder = pathlib.Path(__file__).parents[2] / "Tests/Golden/Datasets"
folder.mkdir(parents=True, exist_ok=True)
keys = ["000046_3840", "000135_483840", "000139_119040", "000141_153600"]
keys += ["000178_3840", "000308_61440"]
truth = np.full((6, 20), 0.5)
mask = np.zeros((6, 20), bool)
for clip, label, value in [(0, 4, 0.17105), (0, 7, 0.5), (1, 19, 1.0), (4, 1, 0.9)]:
    truth[clip, label] = value
    mask[clip, label] = True
codes = (np.arange(6 * 10 * 128) % 256).reshape(6, 10, 128)
np.savez_compressed(
    folder / "openmic-2018.npz", X=codes, Y_true=truth, Y_mask=mask,
    sample_key=np.array(keys, dtype=object))
with open(folder / "train_val.split", "wb") as file:
    np.savez(file, train=np.array([0, 2, 3]), val=np.array([1]))
np.savez(folder / "openl3.npz", embedding=np.arange(6, dtype=np.float32).reshape(2, 3),
         timestamps=np.array([0.0, 1.0]))
