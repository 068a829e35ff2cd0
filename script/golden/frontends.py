"""Writes Tests/Golden/FrontEnds/*.npy, the numbers that FrontEndGoldenTests.swift compares with.

Run by hand: python3 script/golden/frontends.py KALDI_PY TORCHVGGISH_DIR
Made with numpy 2.4.6, librosa 0.11.0, torch 2.15.0, torchaudio 2.11.0 and torchvggish 0.2.
KALDI_PY is torchaudio's torchaudio/compliance/kaldi.py, TORCHVGGISH_DIR the folder that holds
torchvggish's mel_features.py: both are loaded by themselves, without the packages around them.
The sound is a formula that tests compute too.
"""

import importlib.util
import os
import sys
import types

import librosa
import numpy as np
import torch

OUT = os.path.join(os.path.dirname(__file__), "..", "..", "Tests", "Golden", "FrontEnds")
MASK = (1 << 64) - 1


def noise(count, seed):
    """SplitMix64, its upper 24 bits as numbers in -1...1."""
    state, values = seed, np.empty(count)
    for i in range(count):
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        values[i] = ((z ^ (z >> 31)) >> 40) / (1 << 23) - 1
    return values


def sound(rate, seconds):
    """A wavering tone that swells twice a second, and a little noise; float32."""
    n = np.arange(int(rate * seconds))
    t = n / rate
    tone = np.sin(2 * np.pi * 220 * t + 3 * np.sin(2 * np.pi * 3 * t))
    high = 0.25 * np.sin(2 * np.pi * (1500 + 1500 * t) * t)
    swell = 0.1 + 0.9 * (2 * t - np.floor(2 * t))
    return (0.4 * swell * (tone + high) + 0.02 * noise(len(n), 7)).astype(np.float32)


def load(path, name, **replaced):
    for module, stand_in in replaced.items():
        sys.modules.setdefault(module, stand_in)
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def save(name, values):
    values = np.ascontiguousarray(values, dtype=np.float32)
    print(f"{name}: {values.shape}, {values.nbytes} bytes")
    np.save(os.path.join(OUT, name + ".npy"), values)


def kaldi_fbank(path):
    kaldi = load(path, "kaldi", torchaudio=types.ModuleType("torchaudio"))
    x = torch.from_numpy(sound(16000, 2))[None]
    fbank = kaldi.fbank(
        x, htk_compat=True, sample_frequency=16000, use_energy=False, window_type="hanning",
        num_mel_bins=128, dither=0.0, frame_shift=10)
    save("kaldi-fbank-128", fbank.numpy().T)


def vggish(folder):
    mel_features = load(os.path.join(folder, "mel_features.py"), "mel_features")
    log_mel = mel_features.log_mel_spectrogram(
        sound(16000, 2).astype(np.float64), audio_sample_rate=16000, log_offset=0.01,
        window_length_secs=0.025, hop_length_secs=0.010, num_mel_bins=64,
        lower_edge_hertz=125, upper_edge_hertz=7500)
    save("vggish-log-mel", log_mel.T)


def decibels(s):
    db = librosa.power_to_db(s, ref=1.0, amin=1e-10, top_db=80.0)
    return db - db.max()


def openl3():
    """The librosa front ends of openl3 0.4; every third frame."""
    x = sound(48000, 1)
    for bands in (128, 256):
        mel = librosa.feature.melspectrogram(
            y=x, sr=48000, n_mels=bands, n_fft=2048, hop_length=242, center=True, power=1.0)
        assert mel.shape == (bands, 199)
        save(f"openl3-mel{bands}", decibels(mel)[:, ::3])
    linear = np.abs(librosa.stft(x, n_fft=512, hop_length=242, center=False))
    assert linear.shape == (257, 197)
    save("openl3-linear", decibels(linear)[:, ::3])


def kapre(name, rate, n_dft, hop, bands):
    """The arithmetic of kapre 0.1.4's Melspectrogram (htk, power_melgram 1, padding same, dB)."""
    x = sound(rate, 1).astype(np.float64)
    frames = -(-len(x) // hop)
    total = max((frames - 1) * hop + n_dft - len(x), 0)
    padded = np.pad(x, (total // 2, total - total // 2))
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_dft) / n_dft)
    power = np.stack(
        [np.abs(np.fft.rfft(window * padded[t * hop : t * hop + n_dft])) ** 2
         for t in range(frames)], axis=1)
    weights = librosa.filters.mel(
        sr=rate, n_fft=n_dft, n_mels=bands, fmin=0.0, fmax=rate / 2, htk=True, norm="slaney")
    log = 10 * np.log10(np.maximum(np.sqrt(weights @ power), 1e-10))
    save(name, np.maximum(log - log.max(), -80)[:, :: 1 if bands < 100 else 3])


def cepstra():
    x = sound(22050, 2)
    mfcc = librosa.feature.mfcc(y=x, sr=22050, n_mfcc=20)
    save("mfcc-20-deltas", np.vstack(
        [mfcc, librosa.feature.delta(mfcc), librosa.feature.delta(mfcc, order=2)]))


def harmonic():
    """torch's STFT as torchaudio's Spectrogram calls it; every second frame."""
    x = torch.from_numpy(sound(16000, 2))
    spectrum = torch.stft(
        x, 512, 256, 512, torch.hann_window(512), center=True, pad_mode="reflect",
        return_complex=True)
    save("harmonic-power", spectrum.abs().pow(2).numpy()[:, ::2])


if __name__ == "__main__":
    os.makedirs(OUT, exist_ok=True)
    kaldi_fbank(sys.argv[1])
    vggish(sys.argv[2])
    openl3()
    kapre("edgel3-mel64", 8000, 1024, 160, 64)
    kapre("kapre-mel256", 48000, 2048, 242, 256)
    cepstra()
    harmonic()
