"""Writes the small files that Tests/FormatsTests reads: Tests/Golden/Formats/*.

Run by hand: python3 script/golden/formats.py (needs numpy, torch and h5py; leaves out what it
cannot import). Written with numpy 2.4, torch 2.15 (kinds*.pth: 2.13) and h5py 3.16 over HDF5 2.0.
Every array counts up from 0 in steps of 1/4, so that tests need no second copy of the values.
"""

import argparse
import os
import zipfile
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


def write_npz_kinds():
    """Forms that are rare: not every one is read, none hides the others."""
    table = np.array([[1, "a"], [2, "b"], [3, "c"]], dtype=object)
    np.save("objects-fortran.npy", np.asfortranarray(table), allow_pickle=True)
    np.savez(
        "kinds.npz", a=counting((2,)), records=np.zeros(3, [("x", "<f4"), ("y", "<i4", (2,))]),
        big=counting((2,), ">f4"), wave=counting((2,), "c8"), words=np.array(["a", "bc"]),
        days=np.zeros(1, "<M8[D]"))
    with zipfile.ZipFile("kinds.npz", "a") as archive:
        archive.writestr("notes.txt", "not an array")
        archive.mkdir("folder")


class Settings(dict):
    """A class of the program that saved a file, unknown to any reader."""


def write_torch_kinds():
    """What torch.load(weights_only=True) takes beside tensors, and a little more."""
    import torch

    model = torch.nn.Linear(2, 1, bias=False)
    torch.nn.init.ones_(model.weight)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, milestones=[1, 2])
    nested = torch.tensor([20.0])
    for level in reversed(range(20)):
        nested = {f"n{level}": nested}
    saved = {
        "complex": torch.zeros(2, dtype=torch.complex64), "model": model.state_dict(),
        "schedule": schedule.state_dict(), "dtype": torch.float32, "set": {1, 2},
        "frozen": frozenset([3]), "number": 1 + 2j, "bytes": bytearray(b"ab"),
        "sparse": torch.eye(2).to_sparse(),
        "quantized": torch.quantize_per_tensor(torch.ones(2), 0.5, 0, torch.qint8),
        "unsigned": torch.tensor([1, 65535], dtype=torch.uint16),
        "small": torch.ones(2).to(torch.float8_e4m3fn),
        "storage": torch.ones(3).untyped_storage(),
        "expanded": torch.tensor([7.0]).expand(5), "nested": nested,
        "a": {"b": torch.tensor([1.0])}, "a.b": torch.tensor([2.0]),
        (0, "pair"): torch.tensor([3.0]), "size": torch.Size([1, 2]),
        "settings": Settings(rate=1), "namespace": argparse.Namespace(rate=1),
        "turned": np.asfortranarray(counting((2, 3))), "long": 1 << 80, "last": torch.ones(1),
    }
    torch.save(saved, "kinds.pth")
    torch.save(saved, "kinds-5.pth", pickle_protocol=5)
    for protocol in (2, 3, 4, 5):
        torch.save(saved, f"kinds-legacy-{protocol}.pth", pickle_protocol=protocol,
                   _use_new_zipfile_serialization=False)


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


def write_hdf5_kinds():
    import h5py

    with h5py.File("fill.h5", "w") as file:
        file.create_dataset("late", (4,), "f4", fillvalue=4.0)
        file.create_dataset("zero", (2,), "i2")
        file.create_dataset("chunks", (5, 4), "i4", chunks=(2, 2), fillvalue=-3)
        file["chunks"][0:2, 0:2] = [[1, 2], [3, 4]]
        file.create_dataset("unwritten", (3,), "f8", chunks=(2,), fillvalue=0.5)
    with h5py.File("fill-latest.h5", "w", libver=("v108", "v108")) as file:
        file.create_dataset("late", (4,), "f4", fillvalue=4.0)
    with h5py.File("kinds.h5", "w") as file:
        file["a"] = counting((2,))
        file["flag"] = np.array([True, False])
        colours = h5py.enum_dtype({"red": 0, "green": 1, "blue": 2, "none": 42}, basetype="u1")
        file.create_dataset("colours", data=np.array([0, 1, 2, 42], "u1"), dtype=colours)
        file["big"] = counting((2,), ">f4")
        file["words"] = "not a number"
        file["records"] = np.zeros(3, [("x", "<f4"), ("y", "<i4")])
        file["soft"] = h5py.SoftLink("/a")
        file["elsewhere"] = h5py.ExternalLink("other.h5", "/a")
        file.create_dataset("empty", data=h5py.Empty("f4"))
        twelve = h5py.h5t.STD_I16LE.copy()
        twelve.set_precision(12)
        twelve.set_offset(4)
        space = h5py.h5s.create_simple((2,))
        h5py.h5d.create(file.id, b"twelve", twelve, space).write(
            h5py.h5s.ALL, h5py.h5s.ALL, np.array([1, 2], "i2"))
        file.create_dataset("far", (2,), "f4", external=[("far.bin", 0, 8)])
    with h5py.File("block.h5", "w", userblock_size=1024) as file:
        file["a"] = counting((2,))
        file.create_dataset("packed", data=counting((4, 4)), chunks=(2, 2), compression="gzip")
    with open("block.h5", "r+b") as file:
        file.write(b"MATLAB 7.3 MAT-file")


os.makedirs(FOLDER, exist_ok=True)
os.chdir(FOLDER)
for write in (write_npz, write_npz_kinds, write_torch, write_torch_kinds, write_hdf5,
              write_hdf5_kinds):
    try:
        write()
    except ImportError as error:
        print("left out:", error)
