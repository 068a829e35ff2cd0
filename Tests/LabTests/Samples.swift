// One event of every kind, and folders to write to.
import Foundation
import Lab

enum Samples {
  static let term = TermReport(json: [
    "name": "cls", "value": 0.25, "weight": 2, "contribution": 0.5, "gradNorm": 0.125,
    "denominator": 61,
    "entries": 640, "flags": ["dead"],
  ])

  static let bodies: [any EventBody] = [
    RunStarted(json: [
      "build": "0.1.0", "seed": 3, "threads": 2, "dataset": "band", "model": "cnn", "method": "b1",
      "classes": ["flute", "a \"quoted\", one"], "plannedSteps": 100, "plannedEpochs": 2,
      "stepsPerEpoch": 50, "parameters": 20, "trainableParameters": 18, "observed": 7,
      "entries": 40,
      "hasTeacher": false, "capabilities": ["pause"], "recipe": "seed: 3\n",
    ]),
    LoggedClips(json: [
      "split": "train", "clips": ["a", "b"], "labels": ["P.", "n."], "truth": ["Pn", "nP"],
      "files": ["a.wav", "b.wav"], "seconds": [1, 2.5],
    ]),
    StateChange(json: ["state": "preparing", "fraction": 0.5, "what": "log-mel"]),
    PhaseChange(json: ["phase": "backward", "duration": 12]),
    Progress(json: [
      "plannedSteps": 9, "clipsSeen": 64, "observedCellsSeen": 128, "lr": 1e-3, "stepsPerSec": 2.5,
      "eta": 3,
    ]),
    Scalars(first: 4, n: 3, series: ["loss/total": [0.25, nil, 0.1], "lr": [1, .infinity, 2]]),
    Terms(json: ["terms": [term]]),
    EvalStart(json: ["split": "validation", "model": "student"]),
    EvalEnd(json: [
      "split": "test", "model": "teacher", "seconds": 0.5, "metrics": ["ap-macro": 0.75],
      "perClass": [ClassScore(json: ["name": "flute", "ap": 0.5, "observed": 3, "positives": 1])],
      "scored": 3,
      "entries": 4,
    ]),
    MaskDelta(json: [
      "method": "label-enhancing", "thresholds": [0.5, nil], "candidates": [9, 0], "cells": [3, 4],
      "scores": [0.5, 0.625], "precision": 0.5, "recall": 1,
    ]),
    Distances(json: [
      "extractor": "vggish", "clips": ["a", "b"], "ours": [0, 0.125, 0.125, 0],
      "theirs": [0, 0.5, 0.5, 0],
    ]),
    ClipPrediction(json: ["clip": "a", "model": "student", "probs": [0.25, 0.5], "labels": "P."]),
    StepSnapshot(json: [
      "phase": "optim", "clips": ["a"],
      "tensors": [
        TensorSummary(json: [
          "name": "input", "shape": [1, 2], "min": 0, "max": 1, "mean": 0.5, "norm": 1,
          "nonFinite": 0,
        ])
      ], "terms": [term],
    ]),
    CheckpointSaved(json: ["file": "best", "reason": "epoch", "bytes": 10, "ms": 1.5]),
    LogLine(json: ["level": "warn", "code": "no-positive", "text": "déjà\nvu \u{2028}"]),
    Fault(json: [
      "code": "non-finite", "message": "m", "tensor": "loss/cls", "lastGoodCheckpoint": 50,
      "suggestion": ["lower the learning rate"],
    ]),
    Resources(json: ["cpu": 99.5, "rss": 1 << 33, "threads": 4]),
    Reply(json: ["command": "pause", "ok": false, "reason": "already paused"]),
    RunEnded(json: [
      "reason": "done", "scores": ["test": ["student": ["ap-macro": 0.5]]], "wall": 12.5,
    ]),
  ]

  static func event(_ body: any EventBody, seq: UInt64 = 1) -> Event {
    Event(run: "b1-s0", seq: seq, t: 10 * seq, step: 4, epoch: 1, body: body)
  }

  /// Runs `body` with a new folder that is gone afterwards.
  static func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("scant-lab-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(url)
  }
}
