"""Gradients of YAMNet, aiSFX and KWT-1 for their input, in float64, which the tests of Models
compare with. YAMNet and aiSFX are written here a second time, forwards and backwards. KWT-1 is written
forwards only; its gradient is made of central differences.

    python3 script/golden/input_gradients.py WEIGHTS

WEIGHTS: a folder with yamnet/, aisfx/ and kwt1/, each with its weights and the golden input and
embedding of its own framework; the forward pass is checked against the embedding. Needs numpy alone.
"""

import io
import json
import os
import pickle
import sys
import zipfile

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "..", "..", "Tests", "Golden", "Extractors")


# Layers: each returns its output and what makes its input's gradient of its output's.

def padded(x, before, after):
    return np.pad(x, ((before[0], after[0]), (before[1], after[1]), (0, 0)))


def convolution(x, w, bias, stride, before, after):
    """x [H, W, C], w [kh, kw, C, D]; zeros on the sides."""
    big = padded(x, before, after)
    kh, kw = w.shape[:2]
    rows, columns = (big.shape[0] - kh) // stride + 1, (big.shape[1] - kw) // stride + 1
    at = lambda i, j: (slice(i, i + stride * rows, stride), slice(j, j + stride * columns, stride))
    y = sum(big[at(i, j)] @ w[i, j] for i in range(kh) for j in range(kw)) + bias

    def back(g):
        d = np.zeros_like(big)
        for i in range(kh):
            for j in range(kw):
                d[at(i, j)] += g @ w[i, j].T
        return d[before[0]:before[0] + x.shape[0], before[1]:before[1] + x.shape[1]]

    return y, back


def depthwise(x, w, bias, stride, before, after):
    """The same with w [kh, kw, C], a kernel per channel."""
    big = padded(x, before, after)
    kh, kw = w.shape[:2]
    rows, columns = (big.shape[0] - kh) // stride + 1, (big.shape[1] - kw) // stride + 1
    at = lambda i, j: (slice(i, i + stride * rows, stride), slice(j, j + stride * columns, stride))
    y = sum(big[at(i, j)] * w[i, j] for i in range(kh) for j in range(kw)) + bias

    def back(g):
        d = np.zeros_like(big)
        for i in range(kh):
            for j in range(kw):
                d[at(i, j)] += g * w[i, j]
        return d[before[0]:before[0] + x.shape[0], before[1]:before[1] + x.shape[1]]

    return y, back


def relu(x):
    return np.maximum(x, 0), lambda g: g * (x > 0)


def pool(x):
    """The maximum of 2 by 2 positions; a last odd row or column is left out."""
    h, w, c = x.shape[0] // 2, x.shape[1] // 2, x.shape[2]
    tiles = x[:2 * h, :2 * w].reshape(h, 2, w, 2, c).transpose(0, 2, 4, 1, 3).reshape(h, w, c, 4)
    place = tiles.argmax(-1)

    def back(g):
        d = np.zeros((h, w, c, 4))
        np.put_along_axis(d, place[..., None], g[..., None], -1)
        whole = np.zeros_like(x)
        whole[:2 * h, :2 * w] = (
            d.reshape(h, w, c, 2, 2).transpose(0, 3, 1, 4, 2).reshape(2 * h, 2 * w, c))
        return whole

    return tiles.max(-1), back


def chain(x, layers):
    backs = []
    for layer in layers:
        x, back = layer(x)
        backs.append(back)

    def all_back(g):
        for back in reversed(backs):
            g = back(g)
        return g

    return x, all_back


def check(name, found, expected):
    error = np.linalg.norm(found - expected) / np.linalg.norm(expected)
    print(f"{name}: embedding {error:.2g} from its framework's")
    assert error < 1e-5


def save(name, values):
    values = np.ascontiguousarray(values, dtype=np.float32)
    print(f"{name}: {values.shape}, norm {np.linalg.norm(values):.4g}")
    np.save(os.path.join(OUT, name + ".npy"), values)


# YAMNet

def safetensors(path):
    with open(path, "rb") as file:
        data = file.read()
    size = int.from_bytes(data[:8], "little")
    table = {}
    for name, entry in json.loads(data[8:8 + size]).items():
        if name != "__metadata__":
            start, end = entry["data_offsets"]
            values = np.frombuffer(data[8 + size + start:8 + size + end], np.float32)
            table[name] = values.reshape(entry["shape"]).astype(np.float64)
    return table


def same(size, kernel, stride):
    """TensorFlow's zeros before and after."""
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


def yamnet(folder):
    table = safetensors(os.path.join(folder, "yamnet_f32.safetensors"))
    strides = [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1]

    def layer(name, stride, isDepthwise=False):
        norm = lambda part: table[f"{name}.bn.{part}"]
        scale = 1 / np.sqrt(norm("moving_variance") + 1e-4)
        bias = norm("beta") - norm("moving_mean") * scale
        w = table[f"{name}.depthwise_kernel"][..., 0] if isDepthwise else table[f"{name}.kernel"]

        def apply(x):
            sides = [same(x.shape[k], w.shape[k], stride) for k in (0, 1)]
            before, after = zip(*sides)
            return (depthwise if isDepthwise else convolution)(
                x, w * scale, bias, stride, before, after)

        return [apply, relu]

    layers = layer("layer1.conv", 2)
    for index, stride in enumerate(strides):
        layers += layer(f"layer{index + 2}.depthwise_conv", stride, isDepthwise=True)
        layers += layer(f"layer{index + 2}.pointwise_conv", 1)
    patch = np.load(os.path.join(folder, "golden_dog_logmel64.npy"))[:96].astype(np.float64)
    maps, back = chain(patch[..., None], layers)
    embedding = maps.mean((0, 1))
    check("yamnet", embedding, np.load(os.path.join(folder, "golden_dog_embedding1024.npy"))[0])
    # Class 69 is "Dog".
    g = np.broadcast_to(table["logits.kernel"][:, 69] / maps[..., 0].size, maps.shape)
    save("yamnet-gradient-logit69", back(g)[..., 0])


# aiSFX

def checkpoint(path):
    """The tensors of a PyTorch file, without PyTorch."""
    archive = zipfile.ZipFile(path)
    top = archive.namelist()[0].split("/")[0]

    class Named(dict):
        """It may carry attributes."""

    class Other:
        """What is neither a tensor nor a table."""

        def __init__(self, *rest):
            pass

        def __setstate__(self, state):
            pass

    class Reader(pickle.Unpickler):
        def find_class(self, module, name):
            if name == "_rebuild_tensor_v2":
                return lambda values, offset, shape, strides, *rest: np.lib.stride_tricks.as_strided(
                    values[offset:], shape, [values.itemsize * s for s in strides])
            if name == "OrderedDict":
                return Named
            return type(name, (Other,), {})

        def persistent_load(self, key):
            raw = archive.read(f"{top}/data/{key[2]}")
            isWhole = key[1].__name__ == "LongStorage"
            return np.frombuffer(raw, np.int64 if isWhole else np.float32)

    return Reader(io.BytesIO(archive.read(f"{top}/data.pkl"))).load()


def aisfx(folder):
    table = checkpoint(os.path.join(folder, "aisfx_checkpoint.pth"))[0]

    def layer(block, part):
        name = f"embedding_net.conv_block{block}"
        norm = lambda what: table[f"{name}.bn{part}.{what}"].astype(np.float64)
        w = table[f"{name}.conv{part}.weight"].astype(np.float64).transpose(2, 3, 1, 0)
        scale = norm("weight") / np.sqrt(norm("running_var") + 1e-5)
        bias = norm("bias") - norm("running_mean") * scale
        return [lambda x: convolution(x, w * scale, bias, 1, (1, 1), (1, 1)), relu]

    layers = []
    for block in (1, 2, 3, 4):
        layers += layer(block, 1) + layer(block, 2) + ([pool] if block < 4 else [])
    spectrogram = np.load(os.path.join(folder, "golden_rooster_spec96.npy"))
    block = spectrogram.reshape(-1, 96)[:100].astype(np.float64)
    check("aisfx", chain(block[..., None], layers)[0].mean(1).max(0), np.load(
        os.path.join(folder, "golden_rooster_embedding512_frames0-99.npy")).reshape(-1))
    # Silent frames are equal, and a maximum over equal values has no gradient. With this they
    # differ.
    block += np.float32(0.1) * np.sin(1.7 * np.arange(block.size)).astype(np.float32).reshape(
        block.shape)
    maps, back = chain(block[..., None], layers)
    means = maps.mean(1)
    # Of the sum of all 512 values.
    g = np.zeros_like(maps)
    g[means.argmax(0), :, np.arange(means.shape[1])] = 1 / maps.shape[1]
    save("aisfx-gradient-sum", back(g)[..., 0])


# KWT-1

def kwt1(folder):
    table = safetensors(os.path.join(folder, "kwt1_v2_12.safetensors"))

    def norm(x, name):
        x = x - x.mean(-1, keepdims=True)
        x /= np.sqrt((x * x).mean(-1, keepdims=True) + 1e-6)
        return x * table[name + ".weight"] + table[name + ".bias"]

    def dense(x, name):
        return x @ table[name + ".weight"].T + table[name + ".bias"]

    def tokens(mfcc):
        """[B, 98, 40] to [B, 99, 64]."""
        x = dense(mfcc, "patch_embed")
        first = np.broadcast_to(table["cls_token"], (len(x), 1, 64))
        x = np.concatenate([first, x], 1) + table["pos_embed"]
        for index in range(12):
            block = f"blocks.{index}."
            q, k, v = [x @ table[f"{block}attn.{part}.weight"].T for part in "qkv"]
            scores = np.exp(q @ k.transpose(0, 2, 1) / 8)
            mixed = scores / scores.sum(-1, keepdims=True) @ v
            x = norm(x + dense(mixed, block + "attn.proj"), block + "norm1")
            wide = dense(x, block + "mlp.fc1")
            wide *= 0.5 * (1 + np.tanh(np.sqrt(2 / np.pi) * (wide + 0.044715 * wide * wide * wide)))
            x = norm(x + dense(wide, block + "mlp.fc2"), block + "norm2")
        return x

    mfcc = np.load(os.path.join(folder, "golden_dog_mfcc_98x40.npy")).astype(np.float64)
    check("kwt1", tokens(mfcc[None])[0], np.load(
        os.path.join(folder, "golden_dog_tokens_99x64.npy")))
    # Label 4 is "up".
    step, gradient = 1e-4, np.zeros(mfcc.size)
    for start in range(0, mfcc.size, 40):
        moves = step * np.eye(mfcc.size)[start:start + 40].reshape(-1, *mfcc.shape)
        ends = [dense(tokens(mfcc + sign * moves)[:, 0], "head")[:, 4] for sign in (1, -1)]
        gradient[start:start + 40] = (ends[0] - ends[1]) / (2 * step)
    save("kwt1-gradient-logit4", gradient.reshape(mfcc.shape))


if __name__ == "__main__":
    yamnet(os.path.join(sys.argv[1], "yamnet"))
    aisfx(os.path.join(sys.argv[1], "aisfx"))
    kwt1(os.path.join(sys.argv[1], "kwt1"))
