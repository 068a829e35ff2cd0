"""Writes the event log of a training: `scant RUN` shows it while it grows and afterwards.

No dependencies (Python 3.8, Linux). write() takes any event of Documentation/Events.md.

    log = ScantLog("runs/masked-s0", classes)
    log.clips("train", ids, targets, observed, files=paths)  # also "validation", "test"
    log.start("tones", "cnn", "masked BCE", epochs=8, stepsPerEpoch=40)
    log.step({"bce": (loss, 1.0, counted, entries)}, lr=1e-3, clips=32)  # after each update
    log.evaluate("validation", ids, probabilities, targets, observed)  # after each epoch
    log.end()

Targets, observed, probabilities: [clips][classes], as lists, arrays or tensors.
"""
import fcntl, json, math, os, time

def rows(values):
    return values.tolist() if hasattr(values, "tolist") else [list(row) for row in values]

def clean(value):  # JSON has no word for numbers that are not finite
    if isinstance(value, dict):
        return {key: clean(item) for key, item in value.items()}
    value = [clean(item) for item in value] if isinstance(value, (list, tuple)) else value
    return value if not isinstance(value, float) or math.isfinite(value) else str(value)

def letters(targets, observed):
    return ["".join("." if not o else "P" if t >= 0.5 else "n" for t, o in zip(*pair))
            for pair in zip(rows(targets), rows(observed))]

def class_score(name, entries):  # (probability, is positive) of its observed labels
    positives, hits, before, area = sum(y for _, y in entries), 0, 0, 0.0
    score = {"name": name, "observed": len(entries), "positives": positives}
    right, wrong = sum(y and p >= 0.5 for p, y in entries), sum(y != (p >= 0.5) for p, y in entries)
    if positives:
        ranked = sorted(entries, reverse=True) + [(None, 0)]
        for place, (p, y) in enumerate(ranked[:-1]):
            hits += y
            if p != ranked[place + 1][0]:  # ties are one threshold
                area, before = area + (hits - before) * hits / (place + 1), hits
        score.update(ap=area / positives, f1=2 * right / (2 * right + wrong))
    if 0 < positives < len(entries):
        twice = 2 * (len(entries) - right - wrong)  # negatives that are said to be negative
        score["f1Both"] = (score["f1"] + twice / (twice + wrong)) / 2
    return score

class ScantLog:
    def __init__(self, folder, classes):
        os.makedirs(folder, exist_ok=True)
        self.lock = open(os.path.join(folder, ".lock"), "w")
        fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # held while the run trains
        self.file = open(os.path.join(folder, "events.jsonl"), "x", buffering=1)
        self.run, self.classes = os.path.basename(os.path.abspath(folder)), list(classes)
        self.seq = self.steps = self.seen = self.cells = self.sent = 0
        self.began, self.plan = time.monotonic(), {"stepsPerEpoch": 1}
        self.splits, self.waiting, self.test = [], [], {}

    def write(self, event, **fields):
        lines, self.waiting = self.waiting, []
        if lines:  # the curves up to here
            names = sorted({name for line in lines for name in line})
            self.write("scalars", first=self.steps - len(lines) + 1, n=len(lines),
                       series={name: [line.get(name) for line in lines] for name in names})
        self.seq += 1
        fields.update(event=event, v=1, run=self.run, seq=self.seq, step=self.steps,
                      epoch=1 + max(0, self.steps - 1) // self.plan["stepsPerEpoch"],
                      t=int((time.monotonic() - self.began) * 1e9))
        self.file.write(json.dumps(clean(fields)) + "\n")

    def clips(self, split, ids, targets, observed, **more):  # more: files, seconds, truth
        more.update(split=split, clips=list(ids), labels=letters(targets, observed))
        self.splits.append(more)

    def start(self, dataset, model, method, epochs, stepsPerEpoch, seed=0, parameters=0,
              settings={}, build="PyTorch", columns=("f1-macro-both", "ap-macro")):
        self.plan = dict(plannedSteps=epochs * stepsPerEpoch, stepsPerEpoch=stepsPerEpoch)
        labels = "".join("".join(s["labels"]) for s in self.splits if s["split"] == "train")
        self.write("hello", build=build, seed=seed, threads=os.cpu_count(), dataset=dataset,
                   model=model, method=method, classes=self.classes, plannedEpochs=epochs,
                   parameters=parameters, trainableParameters=parameters, entries=len(labels),
                   observed=len(labels) - labels.count("."), hasTeacher=False, capabilities=[],
                   settings={k: str(v) for k, v in settings.items()}, columns=columns, **self.plan)
        for split in self.splits: self.write("clips", **split)
        self.write("state", state="running")

    def step(self, terms, lr, clips=0, **series):  # (value, weight, labels counted, of labels)
        terms = {name: (float(term[0]), *term[1:]) for name, term in terms.items()}
        self.steps, self.seen = self.steps + 1, self.seen + clips
        self.cells += max(counted for _, _, counted, _ in terms.values())
        total = sum(value * weight for value, weight, _, _ in terms.values())
        self.waiting.append({"loss/total": total, "lr": lr, **series,
                             **{f"loss/{name}": term[0] for name, term in terms.items()}})
        passed = time.monotonic() - self.began
        if len(self.waiting) == 64 or passed - self.sent > 0.25:
            self.sent, left = passed, max(0, self.plan["plannedSteps"] - self.steps)
            self.write("progress", plannedSteps=self.plan["plannedSteps"], clipsSeen=self.seen,
                       observedCellsSeen=self.cells, lr=lr, stepsPerSec=self.steps / passed,
                       eta=left * passed / self.steps)
            self.write("terms", terms=[dict(
                name=name, value=value, weight=weight, contribution=value * weight, flags=[],
                denominator=n, entries=of) for name, (value, weight, n, of) in terms.items()])

    def evaluate(self, split, ids, probabilities, targets, observed, seconds=0.0, **more):
        p, t, o = rows(probabilities), rows(targets), rows(observed)
        scores = [class_score(name, [(p[n][c], int(t[n][c] >= 0.5)) for n in range(len(p))
                                     if o[n][c]]) for c, name in enumerate(self.classes)]
        metrics = {}
        for metric, key in (("f1-macro", "f1"), ("f1-macro-both", "f1Both"), ("ap-macro", "ap")):
            known = [score[key] for score in scores if key in score]
            metrics.update({metric: sum(known) / len(known)} if known else {})
        for clip, row, labels in zip(ids, p, letters(t, o)):
            self.write("clipPred", clip=clip, model="student", probs=row, labels=labels)
        self.write("evalEnd", split=split, model="student", seconds=seconds, metrics=metrics,
                   perClass=scores, scored=sum(score["observed"] for score in scores),
                   entries=len(p) * len(self.classes), **more)
        self.test = metrics if split == "test" else self.test

    def end(self, reason="done"):  # or "failed", "stopped"
        self.write("state", state="failed" if reason == "failed" else "done")
        self.write("bye", reason=reason, wall=time.monotonic() - self.began,
                   scores={"test": {"student": self.test}} if self.test else {})
        self.file.close(), self.lock.close()
