"""Reference results of the pre-trained networks' own implementations, on weights made up here.

    python3 script/golden/extractors.py golden           the numbers that PretrainedNetworkTests
                                                         compares with, to Tests/Golden/Extractors
    python3 script/golden/extractors.py reference DIR    weight files in their published formats
                                                         and results, for SCANT_REFERENCE=DIR;
                                                         KALDI and TORCHVGGISH as for frontends.py

Made with torch 2.15.0, transformers 5.23.0, keras 3.15.1 (KERAS_BACKEND=torch), librosa 0.11.0 and
numpy 2.4.6.
Weights are uniform numbers from SplitMix64, so that Swift makes the very same ones: value i of
stream s is mix(1000·s + (i + 1)·γ), scaled by √(6 / fan-in); see `fill`.
"""

import os
import sys

os.environ.setdefault("KERAS_BACKEND", "torch")
import numpy as np  # noqa: E402
import torch  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "..", "..", "Tests", "Golden", "Extractors")


def uniform(stream, count):
    """`count` float32 numbers in -1...1."""
    with np.errstate(over="ignore"):
        gamma = np.uint64(0x9E3779B97F4A7C15)
        z = np.uint64(1000 * stream) + gamma * np.arange(1, count + 1, dtype=np.uint64)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = (z ^ (z >> np.uint64(31))) >> np.uint64(40)
    return (z.astype(np.float32) / np.float32(1 << 23) - np.float32(1)).astype(np.float32)


def fill(stream, shape, fan_in):
    scale = np.float32(np.sqrt(6 / fan_in))
    return (uniform(stream, int(np.prod(shape))) * scale).reshape(shape)


def save(name, values):
    values = np.ascontiguousarray(values, dtype=np.float32)
    print(f"{name}: {values.shape}, {np.abs(values).max():.4g} at most, {values.std():.4g} deviation")
    np.save(os.path.join(OUT, name + ".npy"), values)


# VGGish: the module of torchvggish, without its download.

def vggish_module():
    layers, channels = [], 1
    for v in [64, "M", 128, "M", 256, 256, "M", 512, 512, "M"]:
        if v == "M":
            layers.append(torch.nn.MaxPool2d(2, 2))
        else:
            layers += [torch.nn.Conv2d(channels, v, 3, padding=1), torch.nn.ReLU()]
            channels = v
    module = torch.nn.Module()
    module.features = torch.nn.Sequential(*layers)
    module.embeddings = torch.nn.Sequential(
        torch.nn.Linear(512 * 4 * 6, 4096), torch.nn.ReLU(), torch.nn.Linear(4096, 4096),
        torch.nn.ReLU(), torch.nn.Linear(4096, 128), torch.nn.ReLU())
    stream = 1
    state = {}
    for name, tensor in module.state_dict().items():
        fan_in = int(np.prod(tensor.shape[1:])) if name.endswith("weight") else 600
        state[name] = torch.from_numpy(fill(stream, tuple(tensor.shape), fan_in))
        stream += 1
    module.load_state_dict(state)
    assert sum(p.numel() for p in module.parameters()) == 72_141_184
    return module


def vggish_raw(module, patches):
    x = module.features(torch.from_numpy(patches)[:, None])
    x = x.permute(0, 2, 3, 1).reshape(len(patches), -1)
    return module.embeddings(x).detach()


def vggish_pca():
    return {"pca_eigen_vectors": fill(31, (128, 128), 3000), "pca_means": fill(32, (128,), 6)}


def vggish_whitened(raw, pca):
    moved = raw.numpy() - pca["pca_means"]
    return (np.clip(moved @ pca["pca_eigen_vectors"].T, -2, 2) + 2) * (255 / 4)


# OpenL3: the network of openl3's models.py.

def openl3_model(bands, frames):
    import keras
    from keras import layers

    x = image = keras.Input((bands, frames, 1))
    x = layers.BatchNormalization()(x)
    for index, channels in enumerate([64, 64, 128, 128, 256, 256, 512]):
        x = layers.Conv2D(channels, 3, padding="same")(x)
        x = layers.BatchNormalization()(x)
        x = layers.Activation("relu")(x)
        if index % 2 == 1:
            x = layers.MaxPooling2D((2, 2), strides=2)(x)
    x = layers.Conv2D(512, 3, padding="same", name="audio_embedding_layer")(x)
    model = keras.Model(image, x)
    stream = 100
    for layer in model.layers:
        values = []
        for weight in layer.weights:
            shape, kind = tuple(weight.shape), weight.name
            if kind == "kernel":
                value = fill(stream, shape, int(np.prod(shape[:3])))
            elif kind in ("gamma", "moving_variance"):
                value = 1 + fill(stream, shape, 60)
            else:
                value = fill(stream, shape, 600)
            values.append(value)
            stream += 1
        layer.set_weights(values)
    return model


def openl3_pooled(maps, input_name, dimension):
    height = 16 if input_name == "mel128" else 32
    size = (height, 24) if dimension == 512 else (height // 4, 8)
    x = torch.from_numpy(maps).permute(0, 3, 1, 2)
    x = torch.nn.functional.max_pool2d(x, size)
    return x.permute(0, 2, 3, 1).reshape(len(maps), -1).numpy()


# AST: Hugging Face's own model, in two sizes.

def published(name):
    """The name that a tensor of transformers 5 has in the published checkpoint of 2022."""
    for new, old in (
            (".layers.", ".encoder.layer."), ("attention.q_proj", "attention.attention.query"),
            ("attention.k_proj", "attention.attention.key"),
            ("attention.v_proj", "attention.attention.value"),
            ("attention.o_proj", "attention.output.dense"), ("mlp.fc1", "intermediate.dense"),
            ("mlp.fc2", "output.dense")):
        name = name.replace(new, old)
    return name


def ast_model(**sizes):
    from transformers import ASTConfig, ASTForAudioClassification

    model = ASTForAudioClassification(ASTConfig(**sizes)).eval()
    state, stream = {}, 200
    for name in sorted(model.state_dict(), key=published):
        shape = tuple(model.state_dict()[name].shape)
        if "layernorm" in name and name.endswith("weight"):
            value = 1 + fill(stream, shape, 60)
        elif name.endswith("bias"):
            value = fill(stream, shape, 600)
        elif len(shape) == 2:
            value = fill(stream, shape, 2 * shape[1])
        else:
            value = fill(stream, shape, 256)
        state[name] = torch.from_numpy(value)
        stream += 1
    model.load_state_dict(state)
    return model


SMALL_AST = dict(
    hidden_size=128, num_hidden_layers=2, num_attention_heads=2, intermediate_size=512,
    num_labels=527)


def ast_results(model, inputs):
    with torch.no_grad():
        output = model.audio_spectrogram_transformer(torch.from_numpy(inputs))
        logits = model(torch.from_numpy(inputs)).logits
    return output.pooler_output.numpy(), torch.sigmoid(logits).numpy()


def golden():
    os.makedirs(OUT, exist_ok=True)
    module, pca = vggish_module(), vggish_pca()
    patches = 2 * uniform(30, 2 * 96 * 64).reshape(2, 96, 64) - 1
    raw = vggish_raw(module, patches)
    save("vggish-raw", raw)
    save("vggish-whitened", vggish_whitened(raw, pca))
    for index, (name, bands, frames) in enumerate(
            [("mel256", 256, 199), ("mel128", 128, 199), ("linear", 257, 197)]):
        picture = 40 * uniform(90 + index, bands * frames).reshape(1, bands, frames, 1) - 40
        maps = openl3_model(bands, frames).predict(picture, verbose=0)
        for dimension in (512, 6144):
            save(f"openl3-{name}-{dimension}", openl3_pooled(maps, name, dimension))
    embedding, probabilities = ast_results(
        ast_model(**SMALL_AST), uniform(199, 1024 * 128).reshape(1, 1024, 128))
    save("ast-small-embedding", embedding)
    save("ast-small-probabilities", probabilities)


def reference(folder):
    """Sound files' worth of samples, weights in the published formats, and results."""
    import h5py
    import librosa
    from keras.src.legacy.saving import legacy_h5_format
    from safetensors.torch import save_file

    import frontends

    sys.path.insert(0, os.environ["TORCHVGGISH"])
    import mel_features

    def path(*parts):
        target = os.path.join(folder, *parts)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        return target

    def result(name, values):
        np.save(path("results", name + ".npy"), np.ascontiguousarray(values, dtype=np.float32))

    slow, fast = frontends.sound(16000, 3), frontends.sound(48000, 1)
    result("sound-16000", slow)
    result("sound-48000", fast)

    module, pca = vggish_module(), vggish_pca()
    for form, zipped in (("vggish", True), ("vggish-legacy", False)):
        torch.save(module.state_dict(), path(form, "vggish-10086976.pth"),
                   _use_new_zipfile_serialization=zipped)
        torch.save(pca, path(form, "vggish_pca_params-970ea276.pth"),
                   _use_new_zipfile_serialization=zipped)
    for name, sound in (("raw", slow), ("openmic", slow / np.abs(slow).max())):
        log_mel = mel_features.log_mel_spectrogram(
            sound.astype(np.float64), audio_sample_rate=16000, log_offset=0.01,
            window_length_secs=0.025, hop_length_secs=0.010, num_mel_bins=64,
            lower_edge_hertz=125, upper_edge_hertz=7500)
        patches = mel_features.frame(log_mel, 96, 96).astype(np.float32)
        raw = vggish_raw(module, patches)
        result(f"vggish-{name}", raw if name == "raw" else np.floor(vggish_whitened(raw, pca)))
        if name == "raw":
            result("vggish-embedding", np.round(vggish_whitened(raw, pca)))

    padded = np.pad(fast, (24000, 24000))
    for name, bands, frames in (("mel256", 256, 199), ("mel128", 128, 199), ("linear", 257, 197)):
        pictures = []
        for second in range(2):
            x = padded[second * 48000 : (second + 1) * 48000]
            if name == "linear":
                s = np.abs(librosa.stft(x, n_fft=512, hop_length=242, center=False))
            else:
                s = librosa.feature.melspectrogram(
                    y=x, sr=48000, n_mels=bands, n_fft=2048, hop_length=242, power=1.0)
            pictures.append(frontends.decibels(s))
        model = openl3_model(bands, frames)
        with h5py.File(path("openl3", f"openl3_audio_{name}_music.h5"), "w") as file:
            legacy_h5_format.save_weights_to_hdf5_group(file, model)
        maps = model.predict(np.stack(pictures)[..., None], verbose=0)
        for dimension in (512, 6144):
            result(f"openl3-{name}-{dimension}", openl3_pooled(maps, name, dimension))

    model = ast_model(num_labels=527)
    state = {published(name): tensor for name, tensor in model.state_dict().items()}
    save_file(state, path("ast", "model.safetensors"))
    kaldi = frontends.load(os.environ["KALDI"], "kaldi", torchaudio=type(sys)("torchaudio"))
    fbank = kaldi.fbank(
        torch.from_numpy(slow)[None], htk_compat=True, sample_frequency=16000, use_energy=False,
        window_type="hanning", num_mel_bins=128, dither=0.0, frame_shift=10)
    fbank = torch.nn.functional.pad(fbank, (0, 0, 0, 1024 - len(fbank)))
    inputs = ((fbank + 4.2677393) / (2 * 4.5689974)).numpy()[None]
    embedding, probabilities = ast_results(model, inputs)
    result("ast-embedding", embedding)
    result("ast-probabilities", probabilities)


if __name__ == "__main__":
    if sys.argv[1] == "golden":
        golden()
    else:
        reference(sys.argv[2])
