"""Writes the small files that Tests/FormatsTests reads: Tests/Golden/Formats/*.

Run by hand: python3 script/golden/formats.py (needs numpy, torch and h5py; leaves out what it
cannot import). Written with numpy 2.4, torch 2.15 and h5py 3.16 over HDF5 2.0.
Every array counts up from 0 in steps of 1/4, so that tests need no second copy of the values.
"""

import os
from collections import OrderedDict

import numpy as np

FOLDER = os.path.join(os.path.dirname(__file__), "../../Tests/Golden/Formats")


def counting(shape, kind="f4"):
    count = int(np.prod(shape))
    return (np.arange(count) / 4).astype(kind).reshape(shape)


def write_npz():
    keys = np.array(["000046_3840", "000135_483840", "é"], dtype=object)
    np.savez("plain.npz", a=counting((3, 4)), b=np.arange(6).reshape(2, 3), sample_key=keys)
    np.savez_compressed(
        "packed.npz", X=(np.arange(60) % 7).astype("u1").reshape(3, 4, 5),
        Y_mask=np.array([[True, False]]), sample_key=keys, fixed=np.array(["ab", "é"]),
        raw=np.array([b"ab", b"c"]), turned=np.asfortranarray(counting((2, 3))))
    table = np.array([[7, "a/b.mp3"], [8, "c.mp3"]], dtype=object)
    np.save("objects.npy", table, allow_pickle=True)


def write_torch():
    import torch

    base = torch.arange(10, dtype=torch.float32) / 4
    state = OrderedDict()
    state["conv.weight"] = torch.from_numpy(counting((2, 1, 2, 3)))
    state["turned"] = torch.from_numpy(counting((2, 3))).t()
    state["part"], state["whole"] = base[3:7], base
    state["half"] = torch.tensor([1.5, -2, 65504], dtype=torch.float16)
    state["brain"] = torch.tensor([1.5, -2], dtype=torch.bfloat16)
    state["double"] = torch.tensor([[0.25]], dtype=torch.float64)
    state["num_batches_tracked"] = torch.tensor(7)
    state["parameter"] = torch.nn.Parameter(torch.ones(2))
    state._metadata = OrderedDict({"": {"version": 1}})
    saved = {"model": state, "epoch": 3, "rate": 0.1, "pca": counting((2, 2), "f8"),
             "list": [torch.tensor([5], dtype=torch.int32)]}
    torch.save(saved, "zip.pth")
    torch.save(saved, "legacy.pth", _use_new_zipfile_serialization=False)


LAYERS = {
    "conv2d_1": [("kernel:0", (3, 3, 1, 4)), ("bias:0", (4,))],
    "bn_1": [(name + ":0", (4,)) for name in ("gamma", "beta", "moving_mean", "moving_variance")],
    "flatten": [],
    "dense_1": [("kernel:0", (36, 10)), ("bias:0", (10,))],
}


def fill_keras(group, layers=LAYERS, chunked=False, variable=False):
    """Groups and attributes as keras.engine.saving writes them."""
    texts = list if variable else (lambda names: [name.encode() for name in names])
    group.attrs["layer_names"] = texts(layers)
    group.attrs["keras_version"] = "2.2.4" if variable else b"2.2.4"
    for layer, weights in layers.items():
        inner = group.create_group(layer)
        inner.attrs["weight_names"] = texts([f"{layer}/{name}" for name, _ in weights])
        for name, shape in weights:
            packed = {}
            if chunked and len(shape) > 1:
                packed = dict(chunks=tuple((d + 1) // 2 for d in shape), compression="gzip",
                              shuffle=True, fletcher32=True)
            inner.create_dataset(f"{layer}/{name}", data=counting(shape), **packed)


def write_hdf5():
    import gzip

    import h5py

    with h5py.File("keras.h5", "w") as file:
        fill_keras(file)
    with open("keras.h5", "rb") as file, gzip.GzipFile("keras.h5.gz", "wb", mtime=0) as packed:
        packed.write(file.read())
    with h5py.File("chunked.h5", "w") as file:
        fill_keras(file.create_group("model_weights"), chunked=True, variable=True)
    with h5py.File("latest.h5", "w", libver="latest") as file:
        fill_keras(file)
    many = {f"dense_{i}": [("kernel:0", (1, 1))] for i in range(60)}
    with h5py.File("many.h5", "w", libver="latest") as file:
        file.attrs["layer_names"] = [name.encode() for name in many]
        for layer in many:
            inner = file.create_group(layer)
            inner.attrs["weight_names"] = [f"{layer}/kernel:0".encode()]
            inner.create_dataset(f"{layer}/kernel:0", data=counting((1, 1)))
    with h5py.File("plain.h5", "w") as file:
        file["group/int"] = np.arange(6, dtype="i8").reshape(2, 3)
        file["group/flag"] = np.array([True, False])
        file["half"] = counting((3,), "f2")
        file["text"] = "not a number"
        for index in range(40):
            file[f"many/{index}"] = np.float64(index)


os.makedirs(FOLDER, exist_ok=True)
os.chdir(FOLDER)
for write in (write_npz, write_torch, write_hdf5):
    try:
        write()
    except ImportError as error:
        print("left out:", error)
