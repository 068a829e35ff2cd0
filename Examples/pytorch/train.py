"""Trains a small PyTorch network on made-up sounds with missing labels, and logs it for Scant.

    python Examples/pytorch/train.py --out runs/masked-s0    # needs torch alone
    scant runs/masked-s0                                     # while it trains, or afterwards

A clip holds one to three of six sounds: tones, a chirp, clicks, noise. A share of the training labels
is hidden. --method masked leaves hidden labels out of the loss; --method negative takes them as
negatives. Two runs, one of each, stand beside each other on 6 Compare.
"""
import argparse, math, os, time, wave

import torch

from scant_log import ScantLog, letters

CLASSES = ["low tone", "high tone", "chirp", "clicks", "hiss", "tremolo"]
RATE, SECONDS = 8000, 1.0


def sound(kind, random):
    """One second of a sound with a random pitch or rate, peak 1."""
    t = torch.arange(int(RATE * SECONDS)) / RATE
    pitch = 0.8 + 0.4 * torch.rand(1, generator=random).item()
    phase = 2 * math.pi * t
    if kind == 0: return torch.sin(150 * pitch * phase)
    if kind == 1: return torch.sin(1500 * pitch * phase)
    if kind == 2: return torch.sin((300 + 900 * pitch * t) * phase)
    if kind == 3: return (torch.frac(7 * pitch * t) < 0.01).float()
    if kind == 4: return torch.randn(t.shape, generator=random) / 3
    return torch.sin(600 * pitch * phase) * torch.sin(5 * pitch * phase).abs()


def clips(count, random):
    """Waves [count, samples] and their true labels [count, classes]."""
    truth = torch.zeros(count, len(CLASSES))
    waves = 0.02 * torch.randn(count, int(RATE * SECONDS), generator=random)
    for n in range(count):
        present = torch.randperm(len(CLASSES), generator=random)[:1 + n % 3]
        truth[n, present] = 1
        for kind in present.tolist():
            gain = 0.1 + 0.2 * torch.rand(1, generator=random).item()
            waves[n] += gain * sound(kind, random)
    return waves.clamp(-1, 1), truth


def save(folder, split, waves):
    """The sounds as WAV files; their paths from the run's folder."""
    os.makedirs(os.path.join(folder, "sounds"), exist_ok=True)
    names = [f"sounds/{split}-{n:03}.wav" for n in range(len(waves))]
    for name, samples in zip(names, waves):
        with wave.open(os.path.join(folder, name), "wb") as file:
            file.setnchannels(1), file.setsampwidth(2), file.setframerate(RATE)
            file.writeframes((samples * 32767).short().numpy().tobytes())
    return names


def spectrograms(waves):
    """Log power [clips, 1, 129, frames]."""
    window = torch.hann_window(256)
    return torch.stft(waves, 256, 128, window=window, return_complex=True).abs().add(1e-3).log()[:, None]


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        def block(inputs, outputs):
            return [torch.nn.Conv2d(inputs, outputs, 3, padding=1), torch.nn.BatchNorm2d(outputs),
                    torch.nn.ReLU(), torch.nn.MaxPool2d((4, 2))]
        self.body = torch.nn.Sequential(*block(1, 16), *block(16, 32), *block(32, 32))
        self.head = torch.nn.Linear(32 * 2, len(CLASSES))

    def forward(self, inputs):
        return self.head(self.body(inputs).mean(3).flatten(1))


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--out", required=True, help="folder of the run; must hold no log yet")
    options.add_argument("--method", choices=["masked", "negative"], default="masked")
    options.add_argument("--missing", type=float, default=0.6, help="share of training labels")
    options.add_argument("--epochs", type=int, default=8)
    options.add_argument("--clips", type=int, default=480, help="training clips")
    options.add_argument("--seed", type=int, default=0)
    chosen = options.parse_args()
    torch.manual_seed(chosen.seed)
    random = torch.Generator().manual_seed(1)  # the sounds do not depend on the seed
    sizes = {"train": chosen.clips, "validation": 120, "test": 240}
    waves, truth, ids = {}, {}, {}
    log = ScantLog(chosen.out, CLASSES)
    observed = {}
    for split, count in sizes.items():
        waves[split], truth[split] = clips(count, random)
        kept = torch.rand(truth[split].shape, generator=random) >= chosen.missing
        observed[split] = kept.float() if split == "train" else torch.ones(truth[split].shape)
        files = save(chosen.out, split, waves[split])
        ids[split] = [os.path.basename(name) for name in files]
        log.clips(split, ids[split], truth[split], observed[split], files=files,
                  seconds=[SECONDS] * count,
                  truth=letters(truth[split], torch.ones(truth[split].shape)))

    network, batch, rate = Network(), 32, 3e-3
    optimizer = torch.optim.Adam(network.parameters(), lr=rate)
    log.start("made-up sounds", "three convolutions", chosen.method, chosen.epochs,
              -(-chosen.clips // batch), seed=chosen.seed,
              parameters=sum(p.numel() for p in network.parameters()),
              build=f"PyTorch {torch.__version__}",
              settings={"learning rate": rate, "batch": batch, "optimizer": "Adam",
                        "share of labels missing": chosen.missing})
    inputs = {split: spectrograms(samples) for split, samples in waves.items()}
    mean, deviation = inputs["train"].mean(), inputs["train"].std()
    inputs = {split: (values - mean) / deviation for split, values in inputs.items()}
    bce = torch.nn.functional.binary_cross_entropy_with_logits

    def score(split):
        begin = time.monotonic()
        network.eval()
        with torch.no_grad():
            logits = network(inputs[split])
        loss = bce(logits, truth[split])
        log.evaluate(split, ids[split], logits.sigmoid(), truth[split], observed[split],
                     seconds=time.monotonic() - begin, loss=loss.item())

    for _ in range(chosen.epochs):
        network.train()
        for part in torch.randperm(chosen.clips).split(batch):
            targets, mask = truth["train"][part] * observed["train"][part], observed["train"][part]
            if chosen.method == "negative":
                mask = torch.ones_like(mask)
            losses = bce(network(inputs["train"][part]), targets, reduction="none")
            loss = (losses * mask).sum() / mask.sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            log.step({"bce": (loss.item(), 1.0, int(mask.sum()), mask.numel())}, lr=rate, clips=len(part))
        score("validation")
    score("test")
    log.end()


if __name__ == "__main__":
    main()
